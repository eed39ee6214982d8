using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Report.Charts;

/// <summary>Validation accuracy as training goes on, a step of the slider for each level (Frankle &amp; Carbin 2019, figure 3).</summary>
public static class LearningCurves
{
    /// <summary>The most points of a curve.</summary>
    private const int MostPoints = 100;

    /// <summary>The most steps of the slider.</summary>
    private const int MostFrames = 25;

    /// <summary>The figure; null where nothing was trained.</summary>
    public static Figure? Of(Chapter chapter, RunDetails details)
    {
        if (chapter.IsUntrained) return null;
        Line[] root = [.. RootCurve(chapter, details)];
        int[] levels = Spots.Thin([.. LevelsOf(chapter)], MostFrames);
        Frame[] frames =
        [
            .. levels.Select(level => new Frame(Label(chapter, level),
                [new("", [.. root, .. chapter.Treatments.SelectMany(one => Curve(one, level, details))])])),
        ];
        if (levels.Length == 0) frames = [new("", [new("", [.. root])])];
        frames = [.. frames.Where(frame => frame.Panels[0].Marks.Length > 0)];
        return frames.Length == 0 ? null : new()
        {
            Key = "learning-curves",
            Title = "Learning curves",
            Text = "Validation accuracy at every evaluation, beside that of the network that was cut. The axis leaves out the first steps’ climb; "
                + $"{(frames.Length > 1 ? "the slider takes weights away. " : "")}{Words.Band(chapter)}",
            X = new("training step", Form.Count) { Range = (0, Last(frames)) },
            Y = new("validation accuracy", Form.Share) { Range = Climbed(frames) },
            Frames = [.. frames],
            Steps = "weights remaining",
            First = frames.Length / 2,
        };
    }

    /// <summary>The pruned levels, densest first.</summary>
    internal static IEnumerable<int> LevelsOf(Chapter chapter) => chapter.Treatments
        .SelectMany(one => one.Levels).Select(level => level.Level).Where(level => level > 0).Distinct().Order();

    /// <summary>The density that the first treatment which has the level has there.</summary>
    internal static string Label(Chapter chapter, int level) => Figures.Density(
        chapter.Treatments.SelectMany(one => one.Levels).First(runs => runs.Level == level).Density);

    private static IEnumerable<Line> RootCurve(Chapter chapter, RunDetails details)
    {
        ImmutableArray<StoredRun> runs = [.. chapter.Roots.Where(run => run.Shared == chapter.Treatments[0].Levels[^1].Runs[0].Shared)];
        return runs.IsEmpty ? [] : CurveOf(runs[0].Record.GivenMask is null ? "dense" : "given mask", Mark.Neutral, runs, details);
    }

    private static IEnumerable<Line> Curve(Treatment treatment, int level, RunDetails details) =>
        treatment.Levels.FirstOrDefault(runs => runs.Level == level) is { } found
            ? CurveOf(treatment.Name, treatment.Slot, found.Runs, details) : [];

    /// <summary>The mean over replicates at the steps where all of them were evaluated.</summary>
    private static IEnumerable<Line> CurveOf(string name, int slot, ImmutableArray<StoredRun> runs, RunDetails details)
    {
        var steps = runs.SelectMany(run => details.Evaluations(run)).GroupBy(at => at.Step, at => at.Accuracy)
            .Where(step => step.Count() == runs.Length).OrderBy(step => step.Key).ToArray();
        if (steps.Length > 0)
            yield return new(name, slot, [.. Spots.Thin(steps, MostPoints).Select(step => Spots.Of(step.Key, Estimate.Of([.. step])))])
            {
                Dotted = false,
            };
    }

    private static double Last(Frame[] frames) =>
        frames.SelectMany(frame => frame.Panels[0].Marks).OfType<Line>().Max(line => line.Points[^1].X);

    /// <summary>From a little below what the slowest line has after a fifth of the training, to a little above the best.</summary>
    private static (double Low, double High)? Climbed(Frame[] frames)
    {
        Line[] lines = [.. frames.SelectMany(frame => frame.Panels[0].Marks).OfType<Line>()];
        double last = Last(frames);
        Spot[] spots = [.. lines.SelectMany(line => line.Points).Where(spot => spot.X >= last / 5)];
        double[] late = [.. spots.Select(spot => spot.Y)];
        if (late.Length < 2) return null;
        // One treatment that learns nothing must not press all others into a line.
        double low = late.Order().ElementAt(late.Length / 50), best = late.Max(), room = Math.Max(0.002, (best - low) / 12);
        // Bands are seen whole unless they are as wide as the climb: two replicates have very wide ones.
        double high = Math.Min(spots.Max(spot => double.IsNaN(spot.High) ? spot.Y : spot.High), best + (best - low) / 2);
        return (Math.Max(0, low - room), Math.Min(1, high + room));
    }
}
