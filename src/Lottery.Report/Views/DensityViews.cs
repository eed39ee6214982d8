using Lottery.Chapters;
using Lottery.Plots;
using Lottery.Statistics;

namespace Lottery.Views;

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
        new("early-stopping step", Form.Count), run => run.Record.EarlyStopStep, share: false);

    private static Figure Of(
        Chapter chapter, string key, string title, string text, Axis y, Func<ReportedRun, double> number, bool share) => new()
    {
        Key = key,
        Title = title,
        Text = $"{text} {Words.Band(chapter)}",
        X = Axis.Density(chapter.Treatments.SelectMany(one => one.Levels).Min(level => level.Density)),
        Y = y,
        Frames = [new("", [new("", [.. chapter.Treatments.Select(one => Line(one, number, share))])])],
    };

    private static Line Line(Treatment treatment, Func<ReportedRun, double> number, bool share) => new(
        treatment.Name, treatment.Slot,
        [.. treatment.Levels.Select(level => Spots.Of(level.Density, level.Of(number), share))]);
}

/// <summary>Means and their intervals as points.</summary>
internal static class Spots
{
    /// <summary>The point of <paramref name="estimate"/>; of a share, the part of its interval where shares can be.</summary>
    public static Spot Of(double x, Estimate estimate, bool share) => new(
        x, estimate.Mean, share ? Math.Max(0, estimate.Low) : estimate.Low, share ? Math.Min(1, estimate.High) : estimate.High,
        estimate.Count);
}

/// <summary>Sentences that several figures have in common.</summary>
internal static class Words
{
    /// <summary>What the bands are, or that there are none.</summary>
    public static string Band(Chapter chapter) => chapter.Replicates == 1
        ? "There is one replicate, so nothing is known of other seeds and no interval is drawn."
        : $"Lines are means and bands 95 % intervals over {chapter.Replicates} replicates (Student's t).";
}
