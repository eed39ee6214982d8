using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Studies.Store;

namespace Lottery.Report.Charts;

/// <summary>Validation accuracy against the training step, one frame per level (Frankle &amp; Carbin 2019, figure 3).</summary>
internal static class LearningCurveChart
{
    private const int MostPoints = 100, MostFrames = 25;

    /// <summary>The chart; null if nothing was trained or no evaluation can be read.</summary>
    public static Chart? Create(ReportSection section, RunDetails details)
    {
        if (section.IsUntrained) return null;
        LineMark[] root = [.. RootCurve(section, details)];
        int[] levels = section.PrunedLevels.ToArray().EvenlySpaced(MostFrames);
        ChartFrame[] frames =
        [
            .. levels.Select(level => new ChartFrame(section.DensityLabel(level),
                [new("", [.. root, .. section.Conditions.SelectMany(one => ConditionCurve(one, level, details))])])),
        ];
        if (levels.Length == 0) frames = [new("", [new("", [.. root])])];
        frames = [.. frames.Where(frame => frame.Panels[0].Marks.Length > 0)];
        return frames.Length == 0 ? null : Zoom.Add(new()
        {
            Key = "learning-curves",
            Title = "Learning curves",
            Text = "Validation accuracy at every evaluation, with that of the network that was pruned. The axis leaves out the climb of the first steps; "
                + $"{(frames.Length > 1 ? "the slider selects the density. " : "")}{ChartCaption.Band(section)}",
            X = new("training step", NumberKind.Count) { Range = (0, LastStep(frames)) },
            Y = new("validation accuracy", NumberKind.Percent) { Range = RangeAfterClimb(frames) },
            Frames = [.. frames],
            Steps = "weights remaining",
            First = frames.Length / 2,
        });
    }

    private static IEnumerable<LineMark> RootCurve(ReportSection section, RunDetails details)
    {
        ImmutableArray<RunSummary> runs = [.. section.Roots.Where(run => RunSettings.SharedKey(run) == RunSettings.SharedKey(section.Conditions[0].Levels[^1].Runs[0]))];
        return runs.IsEmpty ? [] : Curve(runs[0].Specification.Start?.Mask is null ? "dense" : "initial mask", Mark.Neutral, runs, details);
    }

    private static IEnumerable<LineMark> ConditionCurve(Condition condition, int level, RunDetails details) =>
        condition.Levels.FirstOrDefault(runs => runs.Level == level) is { } found
            ? Curve(condition.Name, condition.Slot, found.Runs, details) : [];

    /// <summary>The mean over replicates (of a control's draws first) at the steps at which all of them were evaluated.</summary>
    private static IEnumerable<LineMark> Curve(string name, int slot, ImmutableArray<RunSummary> runs, RunDetails details)
    {
        (int Step, double Accuracy)[][] seeds = [.. runs.GroupBy(run => run.Seed, (_, draws) => Common([.. draws.Select(run => details.Curve(run))])
            .Select(step => (step.Key, step.Average())).ToArray())];
        IGrouping<int, double>[] steps = [.. Common(seeds)];
        if (steps.Length == 0) yield break;
        yield return new(name, slot,
            [.. steps.EvenlySpaced(MostPoints).Select(step => ChartPoint.Of(step.Key, Estimate.FromValues([.. step])))])
        {
            HasMarkers = false,
        };
    }

    /// <summary>The values at the steps that all curves have, in order.</summary>
    private static IEnumerable<IGrouping<int, double>> Common(IReadOnlyCollection<IEnumerable<(int Step, double Accuracy)>> curves) =>
        curves.SelectMany(curve => curve).GroupBy(at => at.Step, at => at.Accuracy).Where(step => step.Count() == curves.Count).OrderBy(step => step.Key);

    private static IEnumerable<LineMark> Lines(ChartFrame[] frames) => frames.SelectMany(frame => frame.Panels[0].Marks).OfType<LineMark>();

    private static double LastStep(ChartFrame[] frames) => Lines(frames).Max(line => line.Points[^1].X);

    /// <summary>
    /// The accuracies after the first fifth of the training, with a margin. The lowest 2 % are ignored, so that a condition
    /// that learns nothing does not compress all others. Bands are shown whole unless they are wider than half the range,
    /// as those of two replicates are.
    /// </summary>
    private static (double Low, double High)? RangeAfterClimb(ChartFrame[] frames)
    {
        double last = LastStep(frames);
        ChartPoint[] points = [.. Lines(frames).SelectMany(line => line.Points).Where(point => point.X >= last / 5)];
        double[] values = [.. points.Select(point => point.Y)];
        if (values.Length < 2) return null;
        double low = values.Order().ElementAt(values.Length / 50), best = values.Max(), margin = Math.Max(0.002, (best - low) / 12);
        double high = Math.Min(points.Max(point => double.IsNaN(point.High) ? point.Y : point.High), best + (best - low) / 2);
        return (Math.Max(0, low - margin), Math.Min(1, high + margin));
    }
}
