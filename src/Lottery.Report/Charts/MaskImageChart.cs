using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Charts;

/// <summary>What of its input the first layer still looks at: kept weights by pixel, or by place of a kernel, across levels.</summary>
internal static class MaskImageChart
{
    private const int MostPanels = 6, MostFrames = 12;

    /// <summary>The chart; null where nothing was pruned or no digest can be read.</summary>
    public static Chart? Of(ReportSection section, RunDetails details)
    {
        ChartFrame[] frames = [.. section.Conditions.Take(MostFrames).Select(one => FrameOf(one, details)).OfType<ChartFrame>()];
        if (frames.Length == 0) return null;
        double[] values = [.. frames.SelectMany(frame => frame.Panels).SelectMany(panel => panel.Marks).OfType<HeatMapMark>()
            .SelectMany(heat => heat.Values).SelectMany(row => row).Order()];
        double high = Math.Max(2, values[(int)(0.99 * (values.Length - 1))]);
        return new()
        {
            Key = "mask-images",
            Title = "What the first layer still sees",
            Text = "Kept weights of the first layer by the input they read, against the layer’s average: 1 is an even share, darker is "
                + $"more (up to {high.ToString("0.#", CultureInfo.InvariantCulture)} and beyond), the palest none. The mean of the replicates.",
            X = new("column", ValueFormat.Count, AxisKind.Pixels),
            Y = new("row", ValueFormat.Count, AxisKind.Pixels),
            Panels = "weights remaining",
            Steps = "condition",
            Series = "what",
            Frames = [.. frames.Select(frame => Scaled(frame, high))],
        };
    }

    private static ChartFrame Scaled(ChartFrame frame, double high) => frame with
    {
        Panels = [.. frame.Panels.Select(panel => panel with { Marks = [.. panel.Marks.OfType<HeatMapMark>().Select(heat => heat with { High = high })] })],
    };

    private static ChartFrame? FrameOf(Condition condition, RunDetails details)
    {
        LevelRuns[] pruned = [.. condition.Levels.Where(level => level.Level > 0)];
        ChartPanel[] first = pruned.Length == 0 ? [] : [.. PanelsOf(pruned[0], details)];
        if (first.Length == 0) return null;
        // An image in colour takes three panels a level.
        LevelRuns[] shown = ChartPoints.Thin(pruned, Math.Max(1, MostPanels / first.Length));
        return new(condition.Name, [.. shown.SelectMany(level => PanelsOf(level, details))]);
    }

    private static IEnumerable<ChartPanel> PanelsOf(LevelRuns level, RunDetails details)
    {
        LayerDigest[] layers =
            [.. level.Runs.Select(run => details.Digest(run.Id)).OfType<WeightDigest>().Select(digest => digest.Layers[0])];
        if (layers.Length == 0 || layers[0].Grid is not [int channels, int rows, int columns]) yield break;
        double even = layers.Average(layer => layer.KeptByInput.Average());
        for (int channel = 0; channel < channels; channel++)
        {
            int start = channel * rows * columns;
            string label = NumberFormat.Density(level.Density) + (channels == 1 ? "" : $", channel {channel + 1}");
            yield return new(label,
                [new HeatMapMark("of an even share", [], [], [.. Enumerable.Range(0, rows).Select(row => Row(start + row * columns))])
                    { Format = ValueFormat.Number, Low = 0, High = 1 }]);
        }

        ImmutableArray<double> Row(int start) => [.. Enumerable.Range(start, columns)
            .Select(place => even == 0 ? 0 : layers.Average(layer => layer.KeptByInput[place]) / even)];
    }
}
