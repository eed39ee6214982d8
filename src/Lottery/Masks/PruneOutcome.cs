using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Masks;

/// <summary>A new mask and what there is to say about its making.</summary>
/// <param name="Mask">The weights that stay; never one that the parent had not.</param>
/// <param name="Thresholds">The smallest score that stayed, by prunable parameter's name.</param>
/// <param name="KeptLast">Parameters, in order, whose last weight was kept although others with higher scores went.</param>
public sealed record PruneOutcome(
    Mask Mask, ImmutableSortedDictionary<string, double> Thresholds, ImmutableArray<string> KeptLast);
