using System.Collections.Immutable;
using Lottery.Report.Statistics;

namespace Lottery.Report.Comparisons;

/// <summary>What the two masks of a pair differ in.</summary>
internal enum OverlapKind
{
    /// <summary>The seed: two replicates of a condition at one level.</summary>
    Seeds,

    /// <summary>The level: one replicate, and the selected level before.</summary>
    Levels,

    /// <summary>The condition: one seed and level.</summary>
    Conditions,

    /// <summary>Two runs that were named.</summary>
    Runs,
}

/// <summary>The overlap of masks, averaged over pairs of runs.</summary>
/// <param name="Kind">What the masks of a pair differ in.</param>
/// <param name="Level">The level of the first mask.</param>
/// <param name="Density">Its density, 0–1.</param>
/// <param name="First">The condition, or the run, of the first mask.</param>
/// <param name="Second">That of the second mask; the same one if they differ in seed or level.</param>
/// <param name="SecondLevel">The level of the second mask.</param>
/// <param name="All">Over all layers together.</param>
/// <param name="Layers">Of each layer, by its parameter's name.</param>
internal sealed record OverlapRow(
    OverlapKind Kind, int Level, double Density, string First, string Second, int SecondLevel, PairOverlap All, ImmutableArray<(string Layer, PairOverlap Overlap)> Layers)
{
    /// <summary>True if both masks are the same by construction, or one is part of the other in every pair.</summary>
    public bool IsNested { get; init; }
}

/// <summary>Intersection over union, 0–1, over pairs of masks.</summary>
/// <param name="Overlap">Its mean, with an interval where the pairs are replicates; pairs of seeds share their runs, and have none.</param>
/// <param name="Least">That of the pair that overlaps least.</param>
/// <param name="Most">That of the pair that overlaps most.</param>
/// <param name="Chance">The mean of what random masks of the same counts are expected to have.</param>
/// <param name="Pairs">The pairs.</param>
internal sealed record PairOverlap(Estimate Overlap, double Least, double Most, double Chance, int Pairs);

/// <summary>How weights moved, averaged over the replicates of a condition at a level.</summary>
/// <param name="Condition">The condition's name, or the run's.</param>
/// <param name="Values">The condition's value on each axis.</param>
/// <param name="Level">The level; 0 is the dense network, which keeps all weights.</param>
/// <param name="Density">Kept ÷ prunable weights, 0–1.</param>
/// <param name="All">Over all layers together.</param>
/// <param name="Layers">Of each layer, by its parameter's name.</param>
internal sealed record MovementRow(
    string Condition, ImmutableArray<string> Values, int Level, double Density, Movements All, ImmutableArray<(string Layer, Movements Movements)> Layers)
{
    /// <inheritdoc cref="ComparedGroup.HasOwnMask"/>
    public required bool HasOwnMask { get; init; }

    /// <summary>The histograms of each layer, summed over the replicates.</summary>
    public required ImmutableArray<LayerMovement> Sums { get; init; }
}

/// <summary>The movement of three sets of weights.</summary>
/// <param name="DenseKept">The weights that the mask keeps, in the training of the dense network that it was pruned from.</param>
/// <param name="DensePruned">Those that it prunes, likewise.</param>
/// <param name="Own">Those that it keeps, in the run's own training.</param>
internal sealed record Movements(MovementEstimate DenseKept, MovementEstimate DensePruned, MovementEstimate Own);

/// <summary>Means over replicates; NaN where there are no such weights.</summary>
/// <param name="SameSign">The fraction of weights whose final value has the sign of the initial value, 0–1.</param>
/// <param name="Flipped">The fraction whose final value has the other sign.</param>
/// <param name="Distance">The mean of |w_f − w_i|.</param>
internal sealed record MovementEstimate(Estimate SameSign, Estimate Flipped, Estimate Distance);

/// <summary>The kept weights of the units on one side of a layer, averaged over the replicates of a condition at a level.</summary>
/// <param name="Condition">The condition's name, or the run's.</param>
/// <param name="Values">The condition's value on each axis.</param>
/// <param name="Level">The level.</param>
/// <param name="Density">Kept ÷ prunable weights of the network, 0–1.</param>
/// <param name="Layer">The parameter's name.</param>
/// <param name="IsIncoming">True for the incoming weights of the units that the layer computes, false for the outgoing weights of those that it reads.</param>
/// <param name="Replicates">The units of each replicate.</param>
internal sealed record ConnectionRow(
    string Condition, ImmutableArray<string> Values, int Level, double Density, string Layer, bool IsIncoming, ImmutableArray<UnitConnections> Replicates)
{
    /// <summary>The mean number of kept weights of a unit.</summary>
    public double Mean => Replicates.Average(one => one.Mean);

    /// <summary>The fewest that a unit of any replicate has.</summary>
    public int Least => Replicates.Min(one => one.Kept.Min());

    /// <summary>The most that a unit of any replicate has.</summary>
    public int Most => Replicates.Max(one => one.Kept.Max());

    /// <summary>Units without a kept weight, per replicate.</summary>
    public double Unconnected => Replicates.Average(one => one.Unconnected);

    /// <summary>The standard deviation over the units ÷ that expected of a random mask; NaN where a random mask has none.</summary>
    public Estimate Spread => Estimate.FromValues([.. Replicates.Select(one => one.ChanceDeviation == 0 ? double.NaN : one.Deviation / one.ChanceDeviation)]);
}
