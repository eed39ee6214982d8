using System.Collections.Immutable;

namespace Lottery.Masks;

/// <summary>What there is to say about the making of a mask; kept with a run as <c>TrainingMetrics</c> are.</summary>
public sealed record PruningMetrics
{
    /// <summary>Of a mask that no score has cut: at level 0 and for controls.</summary>
    public static PruningMetrics None { get; } = new() { Thresholds = ImmutableSortedDictionary<string, double>.Empty, KeptLast = [] };

    /// <summary>The smallest score that stayed, by prunable parameter's name.</summary>
    public required ImmutableSortedDictionary<string, double> Thresholds { get; init; }

    /// <summary>Parameters, in order, whose last weight was kept although others with higher scores went.</summary>
    public required ImmutableArray<string> KeptLast { get; init; }

    /// <summary>
    /// Which way masking moved the weights that went, by prunable parameter's name; null where no score has cut the mask,
    /// and for runs of versions that did not count.
    /// </summary>
    public ImmutableSortedDictionary<string, MaskingMetrics>? Masking { get; init; }
}
