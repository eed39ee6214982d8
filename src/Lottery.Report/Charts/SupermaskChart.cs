using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Report.Charts;

/// <summary>The best accuracy that each condition's masks reach without any training, beside what the paper reports.</summary>
internal static class SupermaskChart
{
    /// <summary>The chart; null where nothing was pruned or accuracies at step 0 are not known.</summary>
    public static Chart? Of(ReportSection section, RunDetails details)
    {
        (Condition Condition, LevelRuns Level, Estimate Accuracy)[] best =
        [
            .. section.Conditions.Select(one => Best(one, section.IsUntrained || section.IsLearned ? run => run.Record.Accuracy : run => DensityCharts.AtStart(run, details)))
                .Where(one => one is not null).Select(one => one!.Value),
        ];
        if (best.Length == 0) return null;
        BarValue[] bars = [.. best.Select(one => BarOf(Name(one), one.Accuracy))];
        BarValue[] paper = section.IsUntrained || section.IsLearned
            ? [.. best.Select(one => (Name(one), PublishedAccuracies.Of(one.Level.Runs[0].Record))).Where(one => one.Item2 is not null)
                .Select(one => new BarValue(one.Item1, one.Item2!.Value, double.NaN, double.NaN, 0))]
            : [];
        string measure = section.IsLearned ? "test accuracy, mean of sampled masks" : section.IsUntrained ? "test accuracy" : "validation accuracy at step 0";
        return new()
        {
            Key = "supermasks",
            Title = "Masks without training",
            Text = (section.IsLearned ? "Masks that were learned on weights that never move. "
                    : $"Each condition at the density where its masks do best, as the papers choose it, by {measure}: a maximum, and so a little high. ")
                + $"{ChartCaption.Whiskers(section)}{(paper.Length > 0 ? " Grey bars are the values of Zhou et al. 2019." : "")}",
            X = new("condition and its best density", ValueFormat.Count, AxisKind.Names),
            Y = new(measure, ValueFormat.Percent) { Range = (0, 1) },
            Series = "source",
            Frames = [new("", [new("", [new BarMark("here", 0, [.. bars]), .. paper.Length > 0 ? (Mark[])[new BarMark("Zhou et al. 2019", Mark.Neutral, [.. paper])] : []])])],
        };
    }

    private static string Name((Condition Condition, LevelRuns Level, Estimate Accuracy) one) =>
        $"{one.Condition.Name} ({NumberFormat.Density(one.Level.Density)})";

    private static BarValue BarOf(string name, Estimate accuracy)
    {
        ChartPoint point = ChartPoints.Of(0, accuracy);
        return new(name, point.Y, point.Low, point.High, point.Count);
    }

    private static (Condition, LevelRuns, Estimate)? Best(Condition condition, Func<StoredRun, double> accuracy)
    {
        var levels = condition.Levels.Where(level => level.Level > 0 || level.Runs[0].Record.Supermask is not null).Select(level => (level, Accuracy: level.Of(accuracy)))
            .Where(level => double.IsFinite(level.Accuracy.Mean)).ToArray();
        if (levels.Length == 0) return null;
        (LevelRuns level, Estimate best) = levels.MaxBy(level => level.Accuracy.Mean);
        return (condition, level, best);
    }
}
