using Lottery.Networks;

namespace Lottery.Masks;

/// <summary>A new mask and what there is to say about its making.</summary>
/// <param name="Mask">The weights that stay; never one that the parent had not.</param>
/// <param name="Metrics">Thresholds, and where the last weight was kept.</param>
public sealed record PruneOutcome(Mask Mask, PruningMetrics Metrics);
