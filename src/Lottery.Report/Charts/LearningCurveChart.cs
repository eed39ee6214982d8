using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Report.Charts;

/// <summary>Validation accuracy as training goes on, a step of the slider for each level (Frankle &amp; Carbin 2019, figure 3).</summary>
internal static class LearningCurveChart
{
    /// <summary>The most points of a curve.</summary>
    private const int MostPoints = 100;

    /// <summary>The most steps of the slider.</summary>
    private const int MostFrames = 25;

    /// <summary>The chart; null where nothing was trained.</summary>
    public static Chart? Of(ReportSection section, RunDetails details)
    {
        if (section.IsUntrained) return null;
        LineMark[] root = [.. RootCurve(section, details)];
        int[] levels = ChartPoints.Thin([.. LevelsOf(section)], MostFrames);
        ChartFrame[] frames =
        [
            .. levels.Select(level => new ChartFrame(Label(section, level),
                [new("", [.. root, .. section.Conditions.SelectMany(one => Curve(one, level, details))])])),
        ];
        if (levels.Length == 0) frames = [new("", [new("", [.. root])])];
        frames = [.. frames.Where(frame => frame.Panels[0].Marks.Length > 0)];
        return frames.Length == 0 ? null : new()
        {
            Key = "learning-curves",
            Title = "Learning curves",
            Text = "Validation accuracy at every evaluation, beside that of the network that was cut. The axis leaves out the first steps’ climb; "
                + $"{(frames.Length > 1 ? "the slider takes weights away. " : "")}{ChartCaption.Band(section)}",
            X = new("training step", ValueFormat.Count) { Range = (0, Last(frames)) },
            Y = new("validation accuracy", ValueFormat.Percent) { Range = Climbed(frames) },
            Frames = [.. frames],
            Steps = "weights remaining",
            First = frames.Length / 2,
        };
    }

    /// <summary>The pruned levels, densest first.</summary>
    internal static IEnumerable<int> LevelsOf(ReportSection section) => section.Conditions
        .SelectMany(one => one.Levels).Select(level => level.Level).Where(level => level > 0).Distinct().Order();

    /// <summary>The density that the first condition which has the level has there.</summary>
    internal static string Label(ReportSection section, int level) => NumberFormat.Density(
        section.Conditions.SelectMany(one => one.Levels).First(runs => runs.Level == level).Density);

    private static IEnumerable<LineMark> RootCurve(ReportSection section, RunDetails details)
    {
        ImmutableArray<StoredRun> runs = [.. section.Roots.Where(run => run.Shared == section.Conditions[0].Levels[^1].Runs[0].Shared)];
        return runs.IsEmpty ? [] : CurveOf(runs[0].Record.GivenMask is null ? "dense" : "given mask", Mark.Neutral, runs, details);
    }

    private static IEnumerable<LineMark> Curve(Condition condition, int level, RunDetails details) =>
        condition.Levels.FirstOrDefault(runs => runs.Level == level) is { } found
            ? CurveOf(condition.Name, condition.Slot, found.Runs, details) : [];

    /// <summary>The mean over replicates at the steps where all of them were evaluated.</summary>
    private static IEnumerable<LineMark> CurveOf(string name, int slot, ImmutableArray<StoredRun> runs, RunDetails details)
    {
        var steps = runs.SelectMany(run => details.Evaluations(run)).GroupBy(at => at.Step, at => at.Accuracy)
            .Where(step => step.Count() == runs.Length).OrderBy(step => step.Key).ToArray();
        if (steps.Length > 0)
            yield return new(name, slot, [.. ChartPoints.Thin(steps, MostPoints).Select(step => ChartPoints.Of(step.Key, Estimate.FromValues([.. step])))])
            {
                Dotted = false,
            };
    }

    private static double Last(ChartFrame[] frames) =>
        frames.SelectMany(frame => frame.Panels[0].Marks).OfType<LineMark>().Max(line => line.Points[^1].X);

    /// <summary>From a little below what the slowest line has after a fifth of the training, to a little above the best.</summary>
    private static (double Low, double High)? Climbed(ChartFrame[] frames)
    {
        LineMark[] lines = [.. frames.SelectMany(frame => frame.Panels[0].Marks).OfType<LineMark>()];
        double last = Last(frames);
        ChartPoint[] points = [.. lines.SelectMany(line => line.Points).Where(point => point.X >= last / 5)];
        double[] late = [.. points.Select(point => point.Y)];
        if (late.Length < 2) return null;
        // One condition that learns nothing must not press all others into a line.
        double low = late.Order().ElementAt(late.Length / 50), best = late.Max(), room = Math.Max(0.002, (best - low) / 12);
        // Bands are seen whole unless they are as wide as the climb: two replicates have very wide ones.
        double high = Math.Min(points.Max(point => double.IsNaN(point.High) ? point.Y : point.High), best + (best - low) / 2);
        return (Math.Max(0, low - room), Math.Min(1, high + room));
    }
}
