using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Tables;

namespace Lottery.Report.Charts;

/// <summary>Crossed axes as a heat map: the axis with the most values down, the others across, one frame per level.</summary>
internal static class MatrixChart
{
    /// <summary>The chart; null if fewer than two axes are crossed or nothing was pruned.</summary>
    public static Chart? Create(ReportSection section)
    {
        int[] crossed =
        [
            .. Enumerable.Range(0, section.Axes.Length)
                .OrderByDescending(axis => section.Conditions.Select(one => one.Values[axis]).Distinct().Count()),
        ];
        int[] levels = [.. section.PrunedLevels];
        if (crossed.Length < 2 || levels.Length == 0) return null;
        Metric metric = section.Settings.Metric;
        int down = crossed[0];
        int[] across = [.. crossed[1..].Order()];
        string[] rows = [.. section.Conditions.Select(one => one.Values[down]).Distinct()];
        string[] columns = [.. section.Conditions.Select(one => Joined(one, across)).Distinct()];
        double[] all = [.. section.Conditions.SelectMany(one => one.Levels).Where(level => level.Level > 0).Select(Accuracy)];
        return new()
        {
            Key = "matrix",
            Title = "Every combination",
            Text = $"Mean {metric.Label}; combinations without a colour were not run. The slider selects the density.",
            X = new(string.Join(" · ", across.Select(axis => section.Axes[axis].Label)), NumberKind.Count, AxisKind.Names),
            Y = new(section.Axes[down].Label, NumberKind.Count, AxisKind.Names),
            Steps = "weights remaining",
            First = LargestSpread(),
            Frames = [.. levels.Select(level => new ChartFrame(section.DensityLabel(level),
                [new("", [new HeatMapMark(metric.Noun, [.. columns], [.. rows], [.. rows.Select(row => Row(row, level))])
                    { Format = metric.IsStep ? NumberKind.Count : NumberKind.Percent, Low = all.Min(), High = all.Max() }])]))],
        };

        double Accuracy(LevelRuns level) => level.Mean(metric.Of).Mean;

        // The frame in which the conditions differ most.
        int LargestSpread() => levels.Index().MaxBy(level =>
        {
            double[] means = [.. section.Conditions.SelectMany(one => one.Levels).Where(runs => runs.Level == level.Item).Select(Accuracy)];
            return means.Max() - means.Min();
        }).Index;

        ImmutableArray<double> Row(string row, int level) => [.. columns.Select(column => section.Conditions
            .Where(one => one.Values[down] == row && Joined(one, across) == column)
            .SelectMany(one => one.Levels).Where(runs => runs.Level == level).Select(Accuracy).FirstOrDefault(double.NaN))];
    }

    private static string Joined(Condition condition, int[] axes) => string.Join(" · ", axes.Select(axis => condition.Values[axis]));
}
