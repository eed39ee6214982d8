using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Charts;

/// <summary>
/// The kept weights of the first layer by the input that they read: by pixel for a dense layer, by kernel offset for a
/// convolution; a panel per level.
/// </summary>
internal static class MaskImageChart
{
    private const int MostPanels = 6, MostFrames = 12;

    /// <summary>The chart; null if nothing was pruned, no digest can be read, or the input is not an image.</summary>
    public static Chart? Create(ReportSection section, RunDetails details)
    {
        ChartFrame[] frames = [.. section.Conditions.Take(MostFrames).Select(one => Frame(section, one, details)).OfType<ChartFrame>()];
        if (frames.Length == 0) return null;
        double[] values = [.. frames.SelectMany(frame => frame.Panels).SelectMany(panel => panel.Marks).OfType<HeatMapMark>()
            .SelectMany(heat => heat.Values).SelectMany(row => row).Order()];
        double high = Math.Max(2, values[(int)(0.99 * (values.Length - 1))]);
        return new()
        {
            Key = "mask-images",
            Title = "Inputs that the first layer reads",
            Text = "Kept weights of the first layer per input, relative to the layer’s average: 1 is the average, darker is "
                + $"more (up to {high.ToString("0.#", CultureInfo.InvariantCulture)} and above), the palest is none. The mean of the replicates.{ChartCaption.Sample(section)}",
            X = new("column", NumberKind.Count, AxisKind.Pixels),
            Y = new("row", NumberKind.Count, AxisKind.Pixels),
            Panels = "weights remaining",
            Steps = "condition",
            Series = "value",
            Frames = [.. frames.Select(frame => Scale(frame, high))],
        };
    }

    private static ChartFrame Scale(ChartFrame frame, double high) => frame with
    {
        Panels = [.. frame.Panels.Select(panel => panel with { Marks = [.. panel.Marks.OfType<HeatMapMark>().Select(heat => heat with { High = high })] })],
    };

    private static ChartFrame? Frame(ReportSection section, Condition condition, RunDetails details)
    {
        LevelRuns[] pruned = [.. condition.Levels.Where(level => level.Level > 0)];
        ChartPanel[] first = pruned.Length == 0 ? [] : [.. Panels(section, pruned[0], details)];
        if (first.Length == 0) return null;
        // An image in colour takes three panels a level.
        LevelRuns[] shown = pruned.EvenlySpaced(Math.Max(1, MostPanels / first.Length));
        return new(condition.Name, [.. shown.SelectMany(level => Panels(section, level, details))]);
    }

    private static IEnumerable<ChartPanel> Panels(ReportSection section, LevelRuns level, RunDetails details)
    {
        LayerDigest[] layers = [.. details.Digests(section.WeighedOf(level)).Select(digest => digest.Layers[0])];
        if (layers.Length == 0 || layers[0].Grid is not [int channels, int rows, int columns]) yield break;
        double average = layers.Average(layer => layer.KeptByInput.Average());
        for (int channel = 0; channel < channels; channel++)
        {
            int start = channel * rows * columns;
            string label = NumberFormat.Density(level.Density) + (channels == 1 ? "" : $", channel {channel + 1}");
            yield return new(label,
                [new HeatMapMark("of the average", [], [], [.. Enumerable.Range(0, rows).Select(row => Row(start + row * columns))])
                    { Format = NumberKind.Number, Low = 0, High = 1 }]);
        }

        ImmutableArray<double> Row(int start) => [.. Enumerable.Range(start, columns)
            .Select(input => average == 0 ? 0 : layers.Average(layer => layer.KeptByInput[input]) / average)];
    }
}
