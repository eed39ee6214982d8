using Lottery.Numerics;

namespace Lottery.Masks;

/// <summary>
/// Masking as training (Zhou et al. 2019, sections 4 and 5), in one layer: of the weights that a level prunes, how many
/// training had moved so that 0 is nearer to where they ended than where they started was, |w_f| &lt; |w_f − w_i|.
/// Setting those to 0 moves them the way training did.
/// </summary>
/// <remarks>
/// The random mask of the same counts is not drawn: each of its weights is any candidate with equal chance, so that its
/// expected share is that of all candidates, exactly.
/// </remarks>
/// <param name="Pruned">The weights that the level before trained and this level prunes.</param>
/// <param name="PrunedNearer">Those of them for which 0 is nearer to w_f than w_i is; an equal distance is not nearer.</param>
/// <param name="Candidates">The weights that the level before trained.</param>
/// <param name="CandidatesNearer">Those of them for which 0 is nearer.</param>
public sealed record MaskingMetrics(int Pruned, int PrunedNearer, int Candidates, int CandidatesNearer)
{
    /// <summary>The share of the pruned weights for which 0 is nearer, 0–1, in some layers together; NaN where none is pruned.</summary>
    public static double Share(params IReadOnlyCollection<MaskingMetrics> layers) =>
        (double)layers.Sum(layer => layer.PrunedNearer) / layers.Sum(layer => layer.Pruned);

    /// <summary>The share that a random mask with the same counts in each layer is expected to have.</summary>
    public static double RandomShare(params IReadOnlyCollection<MaskingMetrics> layers) =>
        layers.Sum(layer => layer.Candidates == 0 ? 0.0 : (double)layer.Pruned * layer.CandidatesNearer / layer.Candidates)
        / layers.Sum(layer => layer.Pruned);

    /// <summary>Counts one layer.</summary>
    /// <param name="before">The weights that the level before trained.</param>
    /// <param name="after">Those of them that stay.</param>
    /// <param name="initial">w_i: what the level before started from; <c>[out × in]</c>, row-major.</param>
    /// <param name="final">w_f: where it ended; likewise.</param>
    internal static MaskingMetrics Of(BitSet before, BitSet after, ReadOnlySpan<float> initial, ReadOnlySpan<float> final)
    {
        int pruned = 0, prunedNearer = 0, candidates = 0, candidatesNearer = 0;
        for (int i = 0; i < initial.Length; i++)
        {
            if (!before[i]) continue;
            int gone = after[i] ? 0 : 1, nearer = Math.Abs((double)final[i]) < Math.Abs((double)final[i] - initial[i]) ? 1 : 0;
            candidates++;
            candidatesNearer += nearer;
            pruned += gone;
            prunedNearer += gone * nearer;
        }
        return new(pruned, prunedNearer, candidates, candidatesNearer);
    }
}
