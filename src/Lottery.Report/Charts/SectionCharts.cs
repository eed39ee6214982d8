using System.Collections.Immutable;
using Lottery.Report.Sections;

namespace Lottery.Report.Charts;

/// <summary>Every chart that a section has, in the order in which they are read.</summary>
/// <param name="Charts">The charts.</param>
/// <param name="Omissions">A sentence for each that cannot be drawn although one would expect it.</param>
internal sealed record SectionCharts(ImmutableArray<Chart> Charts, ImmutableArray<string> Omissions)
{
    /// <summary>The charts of <paramref name="section"/>.</summary>
    public static SectionCharts Of(ReportSection section, RunDetails details)
    {
        bool pruned = LearningCurveChart.LevelsOf(section).Any();
        var omissions = new List<string>();
        Chart?[] charts =
        [
            pruned ? DensityCharts.Accuracy(section) : null,
            pruned ? MatrixChart.Of(section) : null,
            pruned && !section.IsUntrained ? DensityCharts.EarlyStop(section) : null,
            Or(LearningCurveChart.Of(section, details), !section.IsUntrained, "Learning curves are left out: no evaluations can be read."),
            pruned && !section.IsUntrained ? DensityCharts.Untrained(section, details) : null,
            pruned || section.IsLearned ? SupermaskChart.Of(section, details) : null,
            Or(MaskImageChart.Of(section, details), pruned, "Images of the masks are left out: the runs’ weights cannot be read."),
            Or(MovementChart.Of(section, details), pruned,
                "The chart of which weights a criterion keeps is left out: it needs the weights of a first cut and of its dense network."),
            pruned ? LayerCharts.Density(section, details) : null,
            Or(section.IsLearned ? null : LayerCharts.Weights(section, details), !section.IsLearned, "Histograms of the weights are left out: the runs’ weights cannot be read."),
        ];
        return new([.. charts.OfType<Chart>()], [.. omissions]);

        Chart? Or(Chart? chart, bool expected, string sentence)
        {
            if (chart is null && expected) omissions.Add(sentence);
            return chart;
        }
    }
}
