using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>The best that a condition reaches at any density at which weights are pruned, in three ways that must not be mixed up.</summary>
/// <param name="Name">The condition, by name and value of what distinguishes it.</param>
/// <param name="Values">Its values, one per axis of the table.</param>
/// <param name="IsReference">Whether it is the reference.</param>
internal sealed record BestDensities(string Name, ImmutableArray<string> Values, bool IsReference)
{
    /// <summary>
    /// The papers' figure, "best over any pruning percentage, averaged over runs": each run at its own best density, and then the mean over
    /// seeds. Chosen on the test images, so biased upwards.
    /// </summary>
    public required Estimate EachRun { get; init; }

    /// <summary>The density whose mean is the best, 0–1.</summary>
    public required double Density { get; init; }

    /// <summary>The mean there: every run at the same density. Chosen on the test images, so biased upwards.</summary>
    public required Estimate HighestMean { get; init; }

    /// <summary>
    /// Each run at the density at which its accuracy on validation images is highest, and there its accuracy on test images: an estimate
    /// without that bias. Null of trained runs, of which the store's list has no validation accuracy.
    /// </summary>
    public Estimate? OnValidation { get; init; }

    /// <summary>The columns of the table when it is printed.</summary>
    internal static IReadOnlyList<TableColumn<BestDensities>> Columns { get; } =
    [
        new("condition", ColumnKind.Text, one => one.Name),
        new("each run's best", ColumnKind.Whole, one => NumberFormat.Accuracy(one.EachRun)),
        new("best mean", ColumnKind.Whole, one => NumberFormat.Accuracy(one.HighestMean)),
        new("at density", ColumnKind.Number, one => NumberFormat.Density(one.Density)),
        new("chosen on validation", ColumnKind.Whole, one => one.OnValidation is { } chosen ? NumberFormat.Accuracy(chosen) : ""),
    ];

    /// <summary>What the columns are, a sentence each.</summary>
    /// <param name="examples">What the examples of the data are called.</param>
    internal static IEnumerable<string> Notes(string examples) =>
    [
        "Each run's best: the mean over seeds of every run's accuracy at its own best density, which is the papers' figure. Best mean: the highest mean of one density. "
            + $"Both choose by the test {examples} on which they report, so they are biased upwards. Chosen on validation: each run at the density with its highest validation "
            + "accuracy, tested there.",
    ];

    /// <summary>The best of each condition of a table; none of a table without pruned rows.</summary>
    public static ImmutableArray<BestDensities> Of(StudyTable table) =>
    [
        .. table.Conditions.Select(condition => Of(table, condition)).OfType<BestDensities>(),
    ];

    private static BestDensities? Of(StudyTable table, StudyCondition condition)
    {
        Metric metric = table.Metric;
        StudyRow[] rows = [.. table.RowsOf(condition).Where(row => row is { IsRoot: false, IsLearned: false } && double.IsFinite(row.Value.Mean))];
        if (rows.Length == 0) return null;
        RunSummary[] runs = [.. rows.SelectMany(row => row.Runs)];
        StudyRow best = rows.MaxBy(row => metric.Direction * row.Value.Mean)!;
        string name = Labels.Condition(table.Axes, condition.Values);
        return new(name.Length > 0 ? name : Labels.Of(rows[0].Runs[0].Control), condition.Values, condition.Values.SequenceEqual(table.Reference))
        {
            EachRun = OfEach(runs, metric, run => metric.Direction * metric.Of(run)),
            Density = best.Density,
            HighestMean = best.Value,
            OnValidation = rows.All(row => row.IsUntrained) ? OfEach(runs, metric, run => run.Metrics.InitialAccuracy) : null,
        };
    }

    /// <summary>The metric over seeds, of each chain of levels (a seed and a draw) at the level that a score is largest at; of equal ones at the densest.</summary>
    private static Estimate OfEach(RunSummary[] runs, Metric metric, Func<RunSummary, double?> score) => metric.Estimate(
    [
        .. runs.GroupBy(run => (run.Seed, run.Draw))
            .Select(chain => chain.Where(run => score(run) is { } finite && double.IsFinite(finite)).OrderBy(run => run.Level).MaxBy(score)).OfType<RunSummary>(),
    ], testImages: 0);
}
