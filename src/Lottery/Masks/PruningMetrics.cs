using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Masks;

/// <summary>A new mask, with metrics of how it was made.</summary>
/// <param name="Mask">The kept weights: a subset of the parent's.</param>
/// <param name="Metrics">Thresholds, and layers whose last weight was kept.</param>
internal sealed record PruneOutcome(Mask Mask, PruningMetrics Metrics);

/// <summary>What there is to say about the making of a mask; kept with a run as <c>TrainingMetrics</c> are.</summary>
public sealed record PruningMetrics
{
    /// <summary>The metrics of a mask that no score has cut: at level 0 and for controls.</summary>
    public static PruningMetrics None { get; } = new() { Thresholds = ImmutableSortedDictionary<string, double>.Empty, KeptLast = [] };

    /// <summary>The smallest kept score, by name of the prunable parameter.</summary>
    public required ImmutableSortedDictionary<string, double> Thresholds { get; init; }

    /// <summary>The parameters, in order, whose last weight was kept although weights with higher scores were pruned.</summary>
    public required ImmutableArray<string> KeptLast { get; init; }

    /// <summary>
    /// Which way masking moved the pruned weights, by the parameter's name; null where no score has cut the mask, and where the
    /// initial weights of a pretrained network are not known.
    /// </summary>
    public ImmutableSortedDictionary<string, MaskingMetrics>? Masking { get; init; }
}

/// <summary>
/// Masking as training (Zhou et al. 2019, sections 4 and 5), in one layer: of the weights that a level prunes, how many
/// have a final value nearer to 0 than to their initial value, |w_f| &lt; |w_f − w_i|. Setting those to 0 continues the way
/// that training moved them. Beside it the direction alone: how many training moved towards 0, and how many it made smaller.
/// </summary>
/// <remarks>
/// The comparison with a random mask of the same counts is exact, without sampling: each of its weights is any candidate with
/// equal probability, so that its expected fraction is that of all candidates.
/// </remarks>
/// <param name="Pruned">The weights that the level before trained and this level prunes.</param>
/// <param name="PrunedNearer">The pruned weights for which 0 is nearer to w_f than w_i is; an equal distance does not count.</param>
/// <param name="Candidates">The weights that the level before trained.</param>
/// <param name="CandidatesNearer">The candidates for which 0 is nearer.</param>
public sealed record MaskingMetrics(int Pruned, int PrunedNearer, int Candidates, int CandidatesNearer)
{
    /// <summary>The pruned weights that training moved towards 0, w_i (w_f − w_i) &lt; 0, however far.</summary>
    public int PrunedTowards { get; init; }

    /// <summary>The candidates that training moved towards 0.</summary>
    public int CandidatesTowards { get; init; }

    /// <summary>The pruned weights whose magnitude fell in training, |w_f| &lt; |w_i|.</summary>
    public int PrunedDecreased { get; init; }

    /// <summary>The candidates whose magnitude fell.</summary>
    public int CandidatesDecreased { get; init; }

    /// <summary>The fraction of the pruned weights that have what is counted, 0–1, over some layers; NaN if none is pruned.</summary>
    /// <param name="measure">What is counted.</param>
    /// <param name="layers">The layers.</param>
    public static double Fraction(MaskingMeasure measure, params IReadOnlyCollection<MaskingMetrics> layers) =>
        (double)layers.Sum(layer => layer.CountOf(measure).Pruned) / layers.Sum(layer => layer.Pruned);

    /// <summary>The fraction of all weights that the level before trained, likewise.</summary>
    /// <inheritdoc cref="Fraction"/>
    public static double TrainedFraction(MaskingMeasure measure, params IReadOnlyCollection<MaskingMetrics> layers) =>
        (double)layers.Sum(layer => layer.CountOf(measure).Candidates) / layers.Sum(layer => layer.Candidates);

    /// <summary>The expected fraction of the weights that a random mask with the same counts in each layer prunes.</summary>
    /// <inheritdoc cref="Fraction"/>
    public static double RandomFraction(MaskingMeasure measure, params IReadOnlyCollection<MaskingMetrics> layers) =>
        layers.Sum(layer => layer.Candidates == 0 ? 0.0 : (double)layer.Pruned * layer.CountOf(measure).Candidates / layer.Candidates)
        / layers.Sum(layer => layer.Pruned);

    private (int Pruned, int Candidates) CountOf(MaskingMeasure measure) => measure switch
    {
        MaskingMeasure.Towards => (PrunedTowards, CandidatesTowards),
        MaskingMeasure.Decreased => (PrunedDecreased, CandidatesDecreased),
        MaskingMeasure.Nearer => (PrunedNearer, CandidatesNearer),
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "Unknown measure."),
    };

    /// <summary>Counts one layer.</summary>
    /// <param name="before">The weights that the level before trained.</param>
    /// <param name="after">The weights that this level keeps.</param>
    /// <param name="initial">w_i: the weights that the level before started from; <c>[out × in]</c>, row-major.</param>
    /// <param name="final">w_f: the weights at which it ended; likewise.</param>
    internal static MaskingMetrics Of(BitSet before, BitSet after, ReadOnlySpan<float> initial, ReadOnlySpan<float> final)
    {
        var (pruned, candidates) = (new Counts(), new Counts());
        for (int i = 0; i < initial.Length; i++)
        {
            if (!before[i]) continue;
            candidates.Add(initial[i], final[i]);
            if (!after[i]) pruned.Add(initial[i], final[i]);
        }
        return new(pruned.All, pruned.Nearer, candidates.All, candidates.Nearer)
        {
            PrunedTowards = pruned.Towards, CandidatesTowards = candidates.Towards,
            PrunedDecreased = pruned.Decreased, CandidatesDecreased = candidates.Decreased,
        };
    }

    /// <summary>Which way training moved some weights.</summary>
    private struct Counts
    {
        public int All, Nearer, Towards, Decreased;

        public void Add(double initial, double final)
        {
            All++;
            if (Math.Abs(final) < Math.Abs(final - initial)) Nearer++;
            // By comparisons: a product of tiny numbers may be 0.
            if ((initial > 0 && final < initial) || (initial < 0 && final > initial)) Towards++;
            if (Math.Abs(final) < Math.Abs(initial)) Decreased++;
        }
    }
}

/// <summary>What is counted of the weights that masking sets to 0: whether training had moved them that way.</summary>
public enum MaskingMeasure
{
    /// <summary>Training moved the weight towards 0, however far, perhaps beyond: w_i (w_f − w_i) &lt; 0.</summary>
    Towards,

    /// <summary>The magnitude fell: |w_f| &lt; |w_i|.</summary>
    Decreased,

    /// <summary>The final value is nearer to 0 than to the initial value: |w_f| &lt; |w_f − w_i|.</summary>
    Nearer,
}
