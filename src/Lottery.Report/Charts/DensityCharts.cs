using Lottery.Report.Sections;

namespace Lottery.Report.Charts;

/// <summary>What becomes of the conditions as weights are taken away: one line a condition, density falling to the right.</summary>
internal static class DensityCharts
{
    /// <summary>Test accuracy at the early-stopping step (Frankle &amp; Carbin 2019, figures 3 and 4).</summary>
    public static Chart Accuracy(ReportSection section) => Of(section, "accuracy", "Accuracy as weights are removed",
        section.IsUntrained
            ? "Test accuracy of masks on weights that were never trained, at each share of the weights that remains."
            : "Test accuracy at the early-stopping step, at each share of the weights that remains.",
        new("test accuracy", ValueFormat.Percent), run => run.Record.Accuracy, share: true);

    /// <summary>When the validation loss is smallest (Frankle &amp; Carbin 2019, figure 4a).</summary>
    public static Chart EarlyStop(ReportSection section) => Of(section, "early-stop", "How soon training would stop",
        "The step of the smallest validation loss. Single seeds scatter widely here: look at the bands before the lines.",
        // From 0, since a step that never changes would be drawn as if it did.
        new("early-stopping step", ValueFormat.Count) { Range = (0, 1.25 * Math.Max(1, section.Runs.Max(run => run.Record.EarlyStopStep))) },
        run => run.Record.EarlyStopStep, share: false);

    /// <summary>What the mask alone makes of weights that were never trained (Zhou et al. 2019, section 5).</summary>
    /// <param name="section">The runs.</param>
    /// <param name="details">Where older runs have their first evaluation.</param>
    public static Chart Untrained(ReportSection section, RunDetails details) => Of(section, "before-training", "What the mask knows before training",
        "Validation accuracy at step 0, when the mask is all that was learned. Guessing gives one in the number of classes.",
        new("accuracy at step 0", ValueFormat.Percent), run => AtStart(run, details), share: true);

    /// <summary>Validation accuracy at step 0, 0–1; NaN where it is not known.</summary>
    internal static double AtStart(StoredRun run, RunDetails details) => run.Document.Metrics.Training.InitialAccuracy
        ?? (details.Evaluations(run) is [{ Step: 0 } first, ..] ? first.Accuracy : double.NaN);

    private static Chart Of(
        ReportSection section, string key, string title, string text, ChartAxis y, Func<StoredRun, double> number, bool share) => new()
    {
        Key = key,
        Title = title,
        Text = $"{text} {ChartCaption.Band(section)}",
        X = ChartAxis.Density(section.Conditions.SelectMany(one => one.Levels).Min(level => level.Density)),
        Y = y,
        Frames = [new("", [new("", [.. section.Conditions.Select(one => LineOf(one, number, share))])])],
    };

    private static LineMark LineOf(Condition condition, Func<StoredRun, double> number, bool share) => new(
        condition.Name, condition.Slot,
        [.. condition.Levels.Select(level => ChartPoints.Of(level.Density, level.Of(number), share))]);
}
