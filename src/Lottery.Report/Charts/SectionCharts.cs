using System.Collections.Immutable;
using Lottery.Report.Comparisons;
using Lottery.Report.Sections;
using Lottery.Report.Tables;

namespace Lottery.Report.Charts;

/// <summary>The charts of a section, in reading order.</summary>
/// <param name="Charts">The charts.</param>
/// <param name="Omissions">A sentence for each chart that a reader would expect and that cannot be drawn.</param>
internal sealed record SectionCharts(ImmutableArray<Chart> Charts, ImmutableArray<string> Omissions)
{
    /// <summary>Creates every chart for which <paramref name="section"/> has data.</summary>
    /// <param name="section">The section.</param>
    /// <param name="details">Evaluations and digests of its runs.</param>
    /// <param name="comparison">The comparison of its masks and weights; null for none.</param>
    public static SectionCharts Create(ReportSection section, RunDetails details, RunComparison? comparison = null)
    {
        bool pruned = section.PrunedLevels.Any();
        var omissions = new List<string>();
        Chart?[] charts =
        [
            pruned && !section.Settings.Metric.IsStep ? DensityCharts.Accuracy(section) : null,
            pruned ? MatrixChart.Create(section) : null,
            pruned && !section.IsUntrained ? DensityCharts.EarlyStop(section) : null,
            Expect(LearningCurveChart.Create(section, details), !section.IsUntrained, "Learning curves are left out: no evaluations can be read."),
            pruned && !section.IsUntrained ? DensityCharts.BeforeTraining(section) : null,
            pruned || section.IsLearned ? SupermaskChart.Create(section) : null,
            Expect(MaskImageChart.Create(section, details), pruned, "Images of the masks are left out: the runs’ weights cannot be read."),
            Expect(MovementChart.Create(section, details), pruned,
                "The chart of which weights a criterion keeps is left out: it needs the weights of a first pruned level and of its dense network."),
            pruned ? MaskingChart.Create(section) : null,
            pruned ? LayerCharts.Density(section, details) : null,
            section.IsLearned ? null
                : Expect(LayerCharts.Weights(section, details), true, "Histograms of the weights are left out: the runs’ weights cannot be read."),
        ];
        return new([.. charts.OfType<Chart>(), .. comparison is null ? [] : ComparisonCharts.Create(section, comparison)], [.. omissions]);

        Chart? Expect(Chart? chart, bool expected, string omission)
        {
            if (chart is null && expected) omissions.Add(omission);
            return chart;
        }
    }
}

/// <summary>Sentences that several charts share.</summary>
internal static class ChartCaption
{
    /// <summary>What the bands of a line chart are, or that there are none.</summary>
    public static string Band(ReportSection section) => Describe(section, "Lines are means and bands");

    /// <summary>What the whiskers of a bar chart are, or that there are none.</summary>
    public static string Whiskers(ReportSection section) => Describe(section, "Bars are means and whiskers");

    /// <summary>Of how many runs weights were read, after a space; empty if of all.</summary>
    public static string Sample(ReportSection section) => section.WeighedSeeds is not { } seeds ? ""
        : $" Weights were read of {NumberFormat.Count(section.Weighed.Length)} of {NumberFormat.Counted(section.Runs.Length, "run")}: at most {NumberFormat.Counted(seeds, "seed")} of each condition and density, spread evenly over all.";

    private static string Describe(ReportSection section, string marks)
    {
        string intervals = section.Replicates == 1 ? "There is one replicate, so nothing is known about other seeds and no interval is drawn."
            : $"{marks} pointwise 95 % intervals over {Replicates(section)} (Student’s t).";
        return LostReplicates.Describe(section.Table) is { Length: > 0 } lost ? $"{intervals} {lost}" : intervals;
    }

    private static string Replicates(ReportSection section)
    {
        int[] counts = [.. section.Conditions.SelectMany(one => one.Levels).Select(level => level.Replicates).Distinct()];
        return counts.Length == 1 ? $"{counts[0]} replicates" : $"{counts.Min()} to {counts.Max()} replicates";
    }
}
