using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>The finished runs of a condition.</summary>
/// <param name="Values">Its values, one per axis.</param>
/// <param name="Runs">Its runs of all levels and seeds, with the runs of level 0 from which its masks were pruned.</param>
internal sealed record StudyGroup(ImmutableArray<string> Values, ImmutableArray<RunSummary> Runs);

/// <summary>A condition of a table.</summary>
/// <param name="Values">Its values, one per axis.</param>
/// <param name="Rows">The <see cref="StudyRow.Ids"/> of its rows, densest first.</param>
internal sealed record StudyCondition(ImmutableArray<string> Values, ImmutableArray<string> Rows);

/// <summary>One condition at one density: the ticket or a control of a search, a cell of a study, or a network of level 0.</summary>
/// <param name="Ids">The ids of its runs; conditions with equal ids share one row.</param>
/// <param name="Values">Its values, one per axis; null where the row stands for several conditions with different values.</param>
/// <param name="Runs">The runs of all seeds and draws; at least one.</param>
/// <param name="Value">The metric, over seeds.</param>
/// <param name="EarlyStop">The early-stopping step, over seeds.</param>
internal sealed record StudyRow(
    string Ids, ImmutableArray<string?> Values, ImmutableArray<RunSummary> Runs, Estimate Value, Estimate EarlyStop)
{
    /// <summary>The level; 0 is the dense network, or the initial mask.</summary>
    public int Level => Runs[0].Level;

    /// <summary>True for the networks of level 0: dense, or with the mask that the search began with.</summary>
    public bool IsRoot => Runs[0].IsRoot;

    /// <summary>Kept ÷ prunable weights, 0–1: the one that the runs share, or their mean where a threshold gives each its own.</summary>
    public double Density { get; } = MeanDensity(Runs);

    /// <summary>True if its masks were learned on weights that are never trained (a supermask).</summary>
    public bool IsLearned => Runs[0].Supermask is not null;

    /// <summary>True if its masks are evaluated on weights that were never trained.</summary>
    public bool IsUntrained => Runs[0] is { Level: > 0, Steps: 0 };

    /// <summary>The runs whose early-stopping step is their last: the validation loss was still falling, so the step is a lower bound.</summary>
    public int Censored => Runs.Count(run => run.IsCensored);

    /// <summary>The runs that it lacks because they failed or were skipped.</summary>
    public ImmutableArray<LostRun> Lost { get; init; } = [];

    /// <summary>The seeds of which no run is left.</summary>
    public ImmutableArray<ulong> LostSeeds => [.. Lost.Select(run => run.Seed).Distinct().Except(Runs.Select(run => run.Seed)).Order()];

    /// <summary>The number of replicates, with that of the planned ones where some failed: <c>5 of 6</c>; of draws likewise.</summary>
    public string CountText => LostSeeds.Length is > 0 and var seeds ? $"{NumberFormat.Count(Value.Count)} of {NumberFormat.Count(Value.Count + seeds)}"
        : Lost.IsEmpty ? NumberFormat.Count(Value.Count) : $"{NumberFormat.Count(Value.Count)} ({Runs.Length} of {Runs.Length + Lost.Length} runs)";

    /// <summary>Test accuracy of the thresholded masks; null unless masks were learned.</summary>
    public Estimate? Thresholded { get; init; }

    /// <summary>Against the networks of level 0 that its masks come from; null at level 0 and without training.</summary>
    public DenseComparison? AgainstDense { get; init; }

    /// <summary>The density of the reference row that it is compared with; null if there is none.</summary>
    public double? ReferenceDensity { get; init; }

    /// <summary>True if it is the reference's own row.</summary>
    public bool IsReference { get; init; }

    /// <summary>The metric of this row − that of the reference, paired by seed; null without a reference row.</summary>
    public PairedDifference? Difference { get; init; }

    /// <summary>The test of <see cref="Difference"/>, corrected over the rows of this density; null before it is tested.</summary>
    public DifferenceTest? Test { get; init; }

    /// <summary>True if its mean is the best of its density.</summary>
    public bool IsBest { get; init; }

    /// <summary>1 if it is shown to be better than the reference (5 %, Holm), −1 if worse, 0 if neither is shown.</summary>
    public int Verdict { get; init; }

    /// <summary>Two-sided p-value of "no difference" after Holm's correction over the rows of this density; NaN if untested.</summary>
    public double HolmP => Test?.AdjustedP ?? double.NaN;

    /// <summary>
    /// <see cref="Difference"/> with the interval that Holm's procedure gives over the rows of this density: it excludes 0
    /// exactly where a difference is shown. Null if untested.
    /// </summary>
    public Estimate? Corrected => Test?.Interval;

    /// <summary>The density under which the row is listed: the reference's, and a learned mask's own.</summary>
    internal double ListedDensity => IsLearned ? Density : ReferenceDensity ?? Density;

    /// <summary>The early-stopping step over seeds, with ≥ before it where a run of the row stopped at its last step.</summary>
    internal string EarlyStopText => $"{(Censored > 0 ? "≥ " : "")}{NumberFormat.Count(EarlyStop.Mean)}";

    /// <summary>The density of replicates: the one that they share, or their mean where a threshold gives each its own.</summary>
    internal static double MeanDensity(IReadOnlyCollection<RunSummary> runs) =>
        runs.First().Density is var first && runs.All(run => run.Density.Equals(first)) ? first : runs.Average(run => run.Density);
}
