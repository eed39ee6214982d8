using System.Collections.Immutable;
using Lottery.Report.Sections;

namespace Lottery.Report.Charts;

/// <summary>Crossed axes as a heat map: one axis down, the other across, a step of the slider for each level.</summary>
public static class MatrixView
{
    /// <summary>The figure; null where fewer than two axes are crossed.</summary>
    public static Figure? Of(Chapter chapter)
    {
        int[] crossed =
        [
            .. Enumerable.Range(0, chapter.Axes.Length)
                .OrderByDescending(axis => chapter.Treatments.Select(one => one.Values[axis]).Distinct().Count()),
        ];
        if (crossed.Length < 2) return null;
        int down = crossed[0];
        int[] across = [.. crossed[1..].Order()];
        string[] rows = [.. chapter.Treatments.Select(one => one.Values[down]).Distinct()];
        string[] columns = [.. chapter.Treatments.Select(one => Joined(one, across)).Distinct()];
        int[] levels = [.. LearningCurves.LevelsOf(chapter)];
        if (levels.Length == 0) return null;
        double[] all = [.. chapter.Treatments.SelectMany(one => one.Levels).Where(level => level.Level > 0).Select(Accuracy)];
        return new()
        {
            Key = "matrix",
            Title = "Every combination",
            Text = "Mean test accuracy at the early-stopping step; an empty place was not run. The slider takes weights away.",
            X = new(string.Join(" · ", across.Select(axis => chapter.Axes[axis])), Form.Count, AxisKind.Names),
            Y = new(chapter.Axes[down], Form.Count, AxisKind.Names),
            Steps = "weights remaining",
            First = Widest(),
            Frames = [.. levels.Select(level => new Frame(LearningCurves.Label(chapter, level),
                [new("", [new Heat("test accuracy", [.. columns], [.. rows], [.. rows.Select(row => Row(row, level))])
                    { Form = Form.Share, Low = all.Min(), High = all.Max() }])]))],
        };

        // Where the treatments are furthest apart.
        int Widest() => levels.Index().MaxBy(level =>
        {
            double[] means = [.. chapter.Treatments.SelectMany(one => one.Levels).Where(runs => runs.Level == level.Item).Select(Accuracy)];
            return means.Max() - means.Min();
        }).Index;

        ImmutableArray<double> Row(string row, int level) => [.. columns.Select(column => chapter.Treatments
            .Where(one => one.Values[down] == row && Joined(one, across) == column)
            .SelectMany(one => one.Levels).Where(runs => runs.Level == level).Select(Accuracy).FirstOrDefault(double.NaN))];
    }

    private static double Accuracy(LevelRuns level) => level.Of(run => run.Record.Accuracy).Mean;

    private static string Joined(Treatment treatment, int[] axes) => string.Join(" · ", axes.Select(axis => treatment.Values[axis]));
}
