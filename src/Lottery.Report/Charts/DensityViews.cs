using Lottery.Report.Sections;

namespace Lottery.Report.Charts;

/// <summary>What becomes of the treatments as weights are taken away: one line a treatment, density falling to the right.</summary>
public static class DensityViews
{
    /// <summary>Test accuracy at the early-stopping step (Frankle &amp; Carbin 2019, figures 3 and 4).</summary>
    public static Figure Accuracy(Chapter chapter) => Of(chapter, "accuracy", "Accuracy as weights are removed",
        chapter.IsUntrained
            ? "Test accuracy of masks on weights that were never trained, at each share of the weights that remains."
            : "Test accuracy at the early-stopping step, at each share of the weights that remains.",
        new("test accuracy", Form.Share), run => run.Record.Accuracy, share: true);

    /// <summary>When the validation loss is smallest (Frankle &amp; Carbin 2019, figure 4a).</summary>
    public static Figure EarlyStop(Chapter chapter) => Of(chapter, "early-stop", "How soon training would stop",
        "The step of the smallest validation loss. Single seeds scatter widely here: look at the bands before the lines.",
        // From 0, since a step that never changes would be drawn as if it did.
        new("early-stopping step", Form.Count) { Range = (0, 1.25 * Math.Max(1, chapter.Runs.Max(run => run.Record.EarlyStopStep))) },
        run => run.Record.EarlyStopStep, share: false);

    /// <summary>What the mask alone makes of weights that were never trained (Zhou et al. 2019, section 5).</summary>
    /// <param name="chapter">The runs.</param>
    /// <param name="details">Where older runs have their first evaluation.</param>
    public static Figure Untrained(Chapter chapter, RunDetails details) => Of(chapter, "before-training", "What the mask knows before training",
        "Validation accuracy at step 0, when the mask is all that was learned. Guessing gives one in the number of classes.",
        new("accuracy at step 0", Form.Share), run => AtStart(run, details), share: true);

    /// <summary>Validation accuracy at step 0, 0–1; NaN where it is not known.</summary>
    internal static double AtStart(StoredRun run, RunDetails details) => run.Document.Metrics.Training.InitialAccuracy
        ?? (details.Evaluations(run) is [{ Step: 0 } first, ..] ? first.Accuracy : double.NaN);

    private static Figure Of(
        Chapter chapter, string key, string title, string text, Axis y, Func<StoredRun, double> number, bool share) => new()
    {
        Key = key,
        Title = title,
        Text = $"{text} {Words.Band(chapter)}",
        X = Axis.Density(chapter.Treatments.SelectMany(one => one.Levels).Min(level => level.Density)),
        Y = y,
        Frames = [new("", [new("", [.. chapter.Treatments.Select(one => LineOf(one, number, share))])])],
    };

    private static Line LineOf(Treatment treatment, Func<StoredRun, double> number, bool share) => new(
        treatment.Name, treatment.Slot,
        [.. treatment.Levels.Select(level => Spots.Of(level.Density, level.Of(number), share))]);
}
