using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Charts;

/// <summary>Where in the network weights are kept, and the distribution of their values.</summary>
internal static class LayerCharts
{
    private const int MostLayers = 4, MostFrames = 8;

    /// <summary>The density of each layer against that of the network; null if no digest can be read.</summary>
    public static Chart? Density(ReportSection section, RunDetails details)
    {
        // Controls keep as many weights of each layer as their ticket does.
        var frames = section.Conditions.Where(one => one.Control == Control.None)
            .Select(one => (one.Name, Lines: LayerLines(section, one, details)))
            .Where(one => one.Lines.Length > 0 && one.Lines[0].Points.Length > 1)
            .DistinctBy(one => string.Join(' ', one.Lines.SelectMany(line => line.Points).Select(point => point.Y)))
            .ToArray();
        if (frames.Length == 0) return null;
        return new()
        {
            Key = "layers",
            Title = "Density of each layer",
            Text = "The fraction of a layer’s weights that is kept, against the density of the network; the mean of the replicates. "
                + $"A layer below the others loses more of its weights.{ChartCaption.Sample(section)}",
            X = ChartAxis.Density,
            Y = ChartAxis.Density with { Label = "density of the layer", Reversed = false },
            Series = "layer",
            Steps = "condition",
            Frames = [.. frames.Select(frame => new ChartFrame(frame.Name, [new("", [.. frame.Lines])]))],
        };
    }

    /// <summary>
    /// Histograms of the kept weights after the last step, by layer and condition; null if no digest can be read.
    /// </summary>
    public static Chart? Weights(ReportSection section, RunDetails details)
    {
        int[] levels = section.Conditions.SelectMany(one => one.Levels).Select(level => level.Level).Distinct().Order().ToArray()
            .EvenlySpaced(MostFrames);
        ChartFrame[] frames = [.. levels.Select(level => Frame(section, level, details)).OfType<ChartFrame>()];
        if (frames.Length == 0) return null;
        return new()
        {
            Key = "weights",
            Title = "Weights after training",
            Text = "The distribution of the kept weights, by condition, in the largest layers: the fraction of them in bins of a quarter "
                + "of the standard deviation of the layer’s initial weights. The grey line is the first condition’s initial weights." + ChartCaption.Sample(section),
            X = new("weight", NumberKind.Number),
            Y = new("fraction of kept weights", NumberKind.Percent),
            Panels = "layer",
            Steps = "weights remaining",
            First = frames.Length / 2,
            Frames = [.. frames],
        };
    }

    private static LineMark[] LayerLines(ReportSection section, Condition condition, RunDetails details)
    {
        var levels = condition.Levels.Select(level => (level.Density, Digests: details.Digests(section.WeighedOf(level))))
            .Where(level => level.Digests.Length > 0).ToArray();
        return levels.Length == 0 ? [] :
        [
            .. levels[0].Digests[0].Layers.Select((layer, l) => new LineMark(NameOf(layer), l,
                [.. levels.Select(level => ChartPoint.Exact(level.Density,
                    level.Digests.Average(digest => (double)digest.Layers[l].Kept / digest.Layers[l].Count)))])),
        ];
    }

    private static ChartFrame? Frame(ReportSection section, int level, RunDetails details)
    {
        (Condition Condition, LevelRuns Runs, WeightDigest[] Digests)[] all =
        [
            .. from condition in section.Conditions
               from runs in condition.Levels
               where runs.Level == level
               let digests = details.Digests(section.WeighedOf(runs))
               where digests.Length > 0
               select (condition, runs, digests),
        ];
        if (all.Length == 0) return null;
        // The dense networks are one line, not one per condition.
        if (level == 0 && all[0].Runs.Density == 1) all = all[..1];
        var layers = all[0].Digests[0].Layers.Index().OrderByDescending(layer => layer.Item.Count).Take(MostLayers).OrderBy(layer => layer.Index);
        return new(NumberFormat.Density(all[0].Runs.Density),
        [
            .. layers.Select(layer => new ChartPanel(NameOf(layer.Item),
            [
                Histogram("initial weights", Mark.Neutral, all[0].Digests, layer.Index, digest => digest.Initial),
                .. all.Select(one => Histogram(
                    level == 0 && one.Runs.Density == 1 ? "dense" : one.Condition.Name, one.Condition.Slot, one.Digests, layer.Index, digest => digest.Final)),
            ])),
        ]);
    }

    private static LineMark Histogram(
        string name, int slot, WeightDigest[] digests, int layer, Func<LayerDigest, ImmutableArray<int>> counts)
    {
        (ImmutableArray<int> Counts, double All)[] layers = [.. digests.Select(digest => counts(digest.Layers[layer])).Select(bins => (bins, (double)Math.Max(1, bins.Sum())))];
        double[] fractions = [.. Enumerable.Range(0, LayerDigest.Bins).Select(bin => layers.Average(one => one.Counts[bin] / one.All))];
        int first = Math.Max(0, Array.FindIndex(fractions, fraction => fraction > 0) - 1);
        int last = Math.Min(fractions.Length - 1, Array.FindLastIndex(fractions, fraction => fraction > 0) + 1);
        return new(name, slot,
            [.. Enumerable.Range(first, Math.Max(0, last - first + 1))
                .Select(bin => ChartPoint.Exact((bin - LayerDigest.Bins / 2) * digests[0].Layers[layer].Width, fractions[bin]))])
        {
            HasMarkers = false,
        };
    }

    private static string NameOf(LayerDigest layer) => layer.Name.EndsWith(".weight", StringComparison.Ordinal) ? layer.Name[..^7] : layer.Name;
}
