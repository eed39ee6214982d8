using System.Globalization;
using Lottery.Report.Statistics;

namespace Lottery.Report.Tables;

/// <summary>The columns of a table of results, and what its marks mean.</summary>
internal static class StudyColumns
{
    /// <summary>The columns for which the table has values.</summary>
    public static IReadOnlyList<TableColumn<StudyRow>> Of(StudyTable table)
    {
        Metric metric = table.Metric;
        bool isCompared = table.Rows.Any(row => row.Difference is not null), hasDense = HasDense(table), hasSteps = HasSteps(table);
        return
        [
            new("density", ColumnKind.Number, row => NumberFormat.Density(row.ListedDensity)),
            .. Columns(HasOther(table), new("of all weights", ColumnKind.Number, row => NumberFormat.Density(DensityOfAll(row))) { IsSecondary = true }),
            .. table.Axes.Select((axis, i) => new TableColumn<StudyRow>(axis.Label, ColumnKind.Text, row => row.Values[i] ?? Shared(table, row))),
            .. Columns(HasCounts(table), new("n", ColumnKind.Number, row => row.CountText)),
            new(table.Rows.Any(row => row.IsLearned) ? $"{metric.Noun} (sampled)" : metric.Noun, ColumnKind.Whole, row => $"{(row.IsBest ? '*' : ' ')} {metric.Write(row.Value)}"),
            .. Columns(table.Rows.Any(row => row.Thresholded is not null), new("thresholded mask", ColumnKind.Whole,
                row => row.Thresholded is { } thresholded ? NumberFormat.Accuracy(thresholded) : "")),
            .. Columns(hasDense, new($"− {DenseName(table)}", ColumnKind.Whole,
                row => row.AgainstDense is { } against ? $"{against.Marks,1} {metric.WriteDifference(against.Value.Estimate)}" : "")),
            .. Columns(!metric.IsStep && table.Rows.Any(row => !row.IsUntrained), new(Labels.EarlyStop, ColumnKind.Number, row => row.EarlyStopText) { IsSecondary = true }),
            .. Columns(hasDense && hasSteps && !metric.IsStep, new($"steps − {DenseName(table)}", ColumnKind.Whole, row => row.AgainstDense?.StepText ?? "") { IsSecondary = true }),
            .. Columns(isCompared, new($"− {ReferenceHeading(table)}", ColumnKind.Whole, row => row.IsReference ? "reference"
                : row.Difference is { } difference ? metric.WriteDifference(difference.Estimate) : "")),
            .. Columns(isCompared && table.Rows.Any(row => !double.IsNaN(row.HolmP)), new("p", ColumnKind.Number, row => NumberFormat.Probability(row.HolmP))),
        ];
    }

    /// <summary>What the marks and brackets of the table mean, a sentence each.</summary>
    public static IEnumerable<string> Notes(StudyTable table)
    {
        string best = table.Metric.IsStep ? "lowest" : "highest";
        if (table.Metric != Metric.Accuracy) yield return $"Compared: {table.Metric.Label}.";
        if (table.Rows.Any(row => row.IsBest))
            yield return $"* the {best} mean of its density{(table.Missing.Lost.IsEmpty ? "" : " (of rows that lack replicates which others have, none)")}; reference: {(table.ReferenceName is { Length: > 0 } name ? name : "the only condition")}.";
        if (HasDense(table)) yield return Dense(table);
        if (table.Rows.Any(row => row.IsLearned))
            yield return "Learned supermasks: accuracy is the mean of ten sampled masks, density is that of the thresholded mask.";
        yield return Labels.Brackets(table.FewestReplicates, table.Replicates, table.Rows.Any(row => row.Value.Over == IntervalKind.TestImages) ? table.Settings.TestSet : null);
        if (LostReplicates.Note(table) is { Length: > 0 } lost) yield return lost;
        if (HasDraws(table)) yield return "Several draws of a control with one seed are averaged first.";
        if (table.Replicates > 1 && table.Rows.Any(row => row.Corrected is not null)) yield return "p is corrected by Holm's procedure over the rows of a density.";
        if (Censored(table) is { Length: > 0 } censored) yield return censored;
        if (HasOther(table)) yield return "Density counts the prunable weights; of all weights, as the papers count, also those of layers that are not pruned.";
    }

    /// <summary>The family over which the tests against level 0 are corrected: <c>the 9 densities of a condition</c>.</summary>
    public static string Family(IEnumerable<StudyRow> rows)
    {
        int[] sizes = [.. rows.Select(row => row.AgainstDense).OfType<DenseComparison>().Select(against => against.ValueTest.Family).Distinct().Order()];
        return sizes is [var one] ? one == 1 ? "the only density of a condition" : $"the {one} densities of a condition" : $"the densities of a condition ({sizes[0]} to {sizes[^1]})";
    }

    /// <summary>The margins of a table: <c>0.3 points</c>.</summary>
    public static string Margins(IEnumerable<StudyRow> rows) => string.Join(" or ", rows.Select(row => row.AgainstDense).OfType<DenseComparison>()
        .Select(against => against.Margin).Distinct().Order().Select(Points));

    /// <summary>A margin in points: <c>0.3 points</c>, with as many decimals as it has.</summary>
    public static string Points(double fraction) =>
        $"{(100 * fraction).ToString("0.0###", CultureInfo.InvariantCulture)} points";

    /// <summary>True if a row has a density of all weights that is not that of the prunable ones.</summary>
    public static bool HasOther(StudyTable table) =>
        table.Rows.Any(row => NumberFormat.Density(DensityOfAll(row)) != NumberFormat.Density(row.Density));

    /// <summary>True if rows differ in their replicates, or lack some.</summary>
    public static bool HasCounts(StudyTable table) => table.FewestReplicates != table.Replicates || table.Rows.Any(row => !row.Lost.IsEmpty);

    /// <summary>Kept ÷ all weights, as the papers count: Frankle &amp; Carbin 2019 include a ResNet's shortcuts and output layer, which are never pruned.</summary>
    public static double DensityOfAll(StudyRow row) => row.Runs.Average(run => run.DensityOfAll);

    private static string Dense(StudyTable table)
    {
        string marks = table.Metric.IsStep ? "▲ earlier, ▼ later" : $"= as good (at most {Margins(table.Rows)} lower), ▲ better, ▼ worse";
        string steps = !table.Metric.IsStep && HasSteps(table) ? "; of steps ▲ earlier, ▼ later" : "";
        string test = table.Rows.Any(row => row.AgainstDense is { IsTested: true })
            ? $": {marks}{steps} (95 %, each corrected by Holm's procedure over {Family(table.Rows)})" : "";
        return $"− {DenseName(table)}: the difference from {table.RootName} of the same seed{test}.";
    }

    private static string Censored(StudyTable table)
    {
        int censored = table.Rows.Where(row => !row.IsLearned).Sum(row => row.Censored), all = table.Rows.Sum(row => row.Runs.Length);
        return censored == 0 ? "" : $"≥, ≤ and † mark bounds: {NumberFormat.Count(censored)} of {NumberFormat.Counted(all, "run")} "
            + $"{(censored == 1 ? "has its" : "have their")} smallest validation loss at the last step, where training was stopped while it was still falling.";
    }

    private static bool HasDense(StudyTable table) => table.Rows.Any(row => row.AgainstDense is not null);

    private static bool HasSteps(StudyTable table) => table.Rows.Any(row => row.AgainstDense is { Step.Estimate.Count: > 0 });

    private static bool HasDraws(StudyTable table) => table.Rows.Any(row => row.Runs.Length > SeedMeans.Count(row.Runs));

    private static string DenseName(StudyTable table) => table.RootName == "the initial mask" ? "initial mask" : "dense";

    private static string ReferenceHeading(StudyTable table) => table.IsSearch && table.ReferenceName == "ticket" ? "ticket" : "reference";

    /// <summary>A row of several conditions: that of level 0 by its name.</summary>
    private static string Shared(StudyTable table, StudyRow row) => row.IsRoot && !row.IsLearned ? DenseName(table) : Labels.Absent;

    private static TableColumn<StudyRow>[] Columns(bool isShown, TableColumn<StudyRow> column) => isShown ? [column] : [];
}
