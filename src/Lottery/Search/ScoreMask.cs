using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Search;

/// <summary>From the scores of a learned supermask to a mask.</summary>
internal static class ScoreMask
{
    /// <summary>The weights that are more likely kept than not: those with a score above 0.</summary>
    public static Mask MostProbable(Weights scores) => new(
        scores.Network, [.. scores.Network.Parameters.Select((parameter, p) => parameter.Prunable ? Positive(scores[p]) : null)]);

    private static BitSet Positive(ReadOnlySpan<float> scores)
    {
        var bits = new BitSet(scores.Length);
        for (int i = 0; i < scores.Length; i++) bits[i] = scores[i] > 0;
        return bits;
    }
}
