using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Charts;

/// <summary>Metrics against density, which decreases to the right: one line per condition.</summary>
internal static class DensityCharts
{
    /// <summary>The section's metric, by default test accuracy at the early-stopping step (Frankle &amp; Carbin 2019, figures 3 and 4).</summary>
    public static Chart Accuracy(ReportSection section) => Create(section, "accuracy", "Accuracy as weights are pruned",
        section.IsUntrained
            ? "Test accuracy of masks on weights that were never trained, at each density."
            : $"{char.ToUpperInvariant(section.Settings.Metric.Label[0])}{section.Settings.Metric.Label[1..]}, at each density.",
        new(section.Settings.Metric == Metric.Accuracy ? "test accuracy" : section.Settings.Metric.Label, NumberKind.Percent), section.Settings.Metric.Of, isFraction: true);

    /// <summary>The step of the smallest validation loss (Frankle &amp; Carbin 2019, figure 4a).</summary>
    public static Chart EarlyStop(ReportSection section) => Create(section, "early-stop", "Early-stopping step",
        "The step of the smallest validation loss. Single seeds vary widely here: read the bands before the lines.",
        // From 0, so that a step that never changes does not look as if it did.
        new("early-stopping step", NumberKind.Count) { Range = (0, 1.25 * Math.Max(1, section.Runs.Max(run => run.EarlyStopStep))) },
        run => run.EarlyStopStep, isFraction: false);

    /// <summary>The accuracy that a mask gives to weights that were never trained (Zhou et al. 2019, section 5).</summary>
    public static Chart BeforeTraining(ReportSection section) => Create(
        section, "before-training", "Accuracy before training",
        "Validation accuracy at step 0, before any weight is trained. Chance is 1 ÷ the number of classes.",
        new("accuracy at step 0", NumberKind.Percent), run => run.Metrics.InitialAccuracy, isFraction: true);

    private static Chart Create(
        ReportSection section, string key, string title, string text, ChartAxis y, Func<RunSummary, double?> number, bool isFraction) => Zoom.Add(new()
    {
        Key = key,
        Title = title,
        Text = $"{text} {ChartCaption.Band(section)}",
        X = StudyColumns.HasOther(section.Table) ? ChartAxis.Density with { Label = "prunable weights remaining" } : ChartAxis.Density,
        Y = y,
        Frames = [new("", [new("", [.. section.Conditions.Select(one => Line(one, number, isFraction))])])],
    });

    private static LineMark Line(Condition condition, Func<RunSummary, double?> number, bool isFraction) => new(
        condition.Name, condition.Slot,
        [.. condition.Levels.Where(level => level.Runs.Any(run => number(run) is not null)).Select(level => ChartPoint.Of(level.Density, level.Mean(number), isFraction))]);
}
