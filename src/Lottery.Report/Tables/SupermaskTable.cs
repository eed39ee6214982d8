using Lottery.Report.Statistics;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>The results of learned supermasks (Zhou et al. 2019, section 5.2): replicates of one search, averaged.</summary>
/// <param name="Example">One of the replicates.</param>
/// <param name="Accuracy">Test accuracy at the early-stopping step, mean of ten sampled masks, 0–1.</param>
/// <param name="Thresholded">Test accuracy of the thresholded mask there, 0–1.</param>
/// <param name="Density">Density of the thresholded mask, 0–1.</param>
/// <param name="EarlyStop">The early-stopping step.</param>
/// <param name="TestImages">Images in the test set; 0 if not known.</param>
internal sealed record SupermaskTable(
    RunSummary Example, Estimate Accuracy, Estimate Thresholded, double Density, Estimate EarlyStop, int TestImages)
{
    /// <summary>The columns of the table, which has one row, when it is printed.</summary>
    internal static IReadOnlyList<TableColumn<SupermaskTable>> Columns { get; } =
    [
        new("sampled masks", ColumnKind.Whole, table => NumberFormat.Accuracy(table.Accuracy)),
        new("thresholded mask", ColumnKind.Whole, table => NumberFormat.Accuracy(table.Thresholded)),
        new("density", ColumnKind.Number, table => NumberFormat.Density(table.Density)),
        new(Labels.EarlyStop, ColumnKind.Number, table => NumberFormat.Count(table.EarlyStop.Mean)),
    ];

    /// <summary>Averages <paramref name="runs"/>, which differ only in seed; at least one.</summary>
    public static SupermaskTable Create(IEnumerable<RunSummary> runs, int testImages)
    {
        RunSummary[] all = [.. runs];
        return new(all[0], SearchTable.Accuracy(all, testImages), SearchTable.Accuracy(all, testImages, run => run.ThresholdedAccuracy ?? double.NaN),
            SearchTable.MeanDensity(all), SearchTable.EarlyStop(all), testImages);
    }

    /// <summary>The result in one sentence.</summary>
    public string Describe() =>
        $"No weight was trained: masks sampled by their learned probabilities have an accuracy of {NumberFormat.Accuracy(Accuracy, " %")} "
        + $"on average, and the thresholded mask, which keeps {NumberFormat.Density(Density)} of the weights, "
        + $"{NumberFormat.Accuracy(Thresholded, " %")}{(Accuracy.Count == 1 ? " (one replicate, so nothing is claimed over seeds)" : "")}.";
}
