using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Report.Charts;

/// <summary>The best accuracy that each treatment's masks reach without any training, beside what the paper reports.</summary>
public static class SupermaskView
{
    /// <summary>The figure; null where nothing was pruned or accuracies at step 0 are not known.</summary>
    public static Figure? Of(Chapter chapter, RunDetails details)
    {
        (Treatment Treatment, LevelRuns Level, Estimate Accuracy)[] best =
        [
            .. chapter.Treatments.Select(one => Best(one, chapter.IsUntrained || chapter.IsLearned ? run => run.Record.Accuracy : run => DensityViews.AtStart(run, details)))
                .Where(one => one is not null).Select(one => one!.Value),
        ];
        if (best.Length == 0) return null;
        BarValue[] bars = [.. best.Select(one => BarOf(Name(one), one.Accuracy))];
        BarValue[] paper = chapter.IsUntrained || chapter.IsLearned
            ? [.. best.Select(one => (Name(one), PaperValues.Of(one.Level.Runs[0].Record))).Where(one => one.Item2 is not null)
                .Select(one => new BarValue(one.Item1, one.Item2!.Value, double.NaN, double.NaN, 0))]
            : [];
        string measure = chapter.IsLearned ? "test accuracy, mean of sampled masks" : chapter.IsUntrained ? "test accuracy" : "validation accuracy at step 0";
        return new()
        {
            Key = "supermasks",
            Title = "Masks without training",
            Text = (chapter.IsLearned ? "Masks that were learned on weights that never move. "
                    : $"Each treatment at the density where its masks do best, as the papers choose it, by {measure}: a maximum, and so a little high. ")
                + $"{Words.Whiskers(chapter)}{(paper.Length > 0 ? " Grey bars are the values of Zhou et al. 2019." : "")}",
            X = new("treatment and its best density", Form.Count, AxisKind.Names),
            Y = new(measure, Form.Share) { Range = (0, 1) },
            Series = "source",
            Frames = [new("", [new("", [new Bars("here", 0, [.. bars]), .. paper.Length > 0 ? (Mark[])[new Bars("Zhou et al. 2019", Mark.Neutral, [.. paper])] : []])])],
        };
    }

    private static string Name((Treatment Treatment, LevelRuns Level, Estimate Accuracy) one) =>
        $"{one.Treatment.Name} ({Figures.Density(one.Level.Density)})";

    private static BarValue BarOf(string name, Estimate accuracy)
    {
        Spot spot = Spots.Of(0, accuracy);
        return new(name, spot.Y, spot.Low, spot.High, spot.Count);
    }

    private static (Treatment, LevelRuns, Estimate)? Best(Treatment treatment, Func<StoredRun, double> accuracy)
    {
        var levels = treatment.Levels.Where(level => level.Level > 0 || level.Runs[0].Record.Supermask is not null).Select(level => (level, Accuracy: level.Of(accuracy)))
            .Where(level => double.IsFinite(level.Accuracy.Mean)).ToArray();
        if (levels.Length == 0) return null;
        (LevelRuns level, Estimate best) = levels.MaxBy(level => level.Accuracy.Mean);
        return (treatment, level, best);
    }
}
