using Lottery.Numerics;

namespace Lottery.Actions;

/// <inheritdoc cref="Mask0.ZeroRandom"/>
/// <remarks>
/// Of the newly pruned weights, those with the smallest numbers of the stream <c>mask-0/zero-random/level-L/NAME</c>.
/// </remarks>
public sealed record ZeroRandom() : ZeroWhere("zero-random")
{
    /// <inheritdoc/>
    protected override void SetZeros(in ActionContext at, Span<float> start)
    {
        var pruned = new List<int>();
        int count = 0;
        for (int i = 0; i < start.Length; i++)
        {
            if (!at.IsNewlyPruned(i)) continue;
            pruned.Add(i);
            if (at.Decreased(i)) count++;
        }
        foreach (int i in RandomPlaces.Of(pruned, count, at.Random("mask-0/zero-random"))) start[i] = 0.0f;
    }
}
