using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Charts;

/// <summary>Where in the network weights are kept, and which values they have.</summary>
internal static class LayerCharts
{
    private const int MostLayers = 4, MostFrames = 8;

    /// <summary>Each layer's own density against the network's; null where no digest can be read.</summary>
    public static Chart? Density(ReportSection section, RunDetails details)
    {
        // Controls keep as many weights of each layer as their ticket does.
        var frames = section.Conditions.Where(one => one.Control == Specifications.Control.None)
            .Select(one => (one.Name, Lines: Layers(one, details)))
            .Where(one => one.Lines.Length > 0 && one.Lines[0].Points.Length > 1)
            .DistinctBy(one => string.Join(' ', one.Lines.SelectMany(line => line.Points).Select(point => point.Y)))
            .ToArray();
        if (frames.Length == 0) return null;
        double least = frames.SelectMany(frame => frame.Lines).SelectMany(line => line.Points).Min(point => Math.Min(point.X, point.Y));
        return new()
        {
            Key = "layers",
            Title = "Density of each layer",
            Text = "The share of a layer’s weights that is kept, as the whole network gets sparser; the mean of the replicates. "
                + "A layer below the others gives up more of its weights.",
            X = ChartAxis.Density(section.Conditions.SelectMany(one => one.Levels).Min(level => level.Density)),
            Y = ChartAxis.Density(least) with { Label = "kept in the layer", Reversed = false },
            Series = "layer",
            Steps = "condition",
            Frames = [.. frames.Select(frame => new ChartFrame(frame.Name, [new("", [.. frame.Lines])]))],
        };
    }

    /// <summary>
    /// Histograms of the kept weights after the last step, by layer and condition; null where no digest can be read.
    /// </summary>
    public static Chart? Weights(ReportSection section, RunDetails details)
    {
        int[] levels = ChartPoints.Thin([.. section.Conditions.SelectMany(one => one.Levels).Select(level => level.Level).Distinct().Order()], MostFrames);
        ChartFrame[] frames = [.. levels.Select(level => FrameOf(section, level, details)).OfType<ChartFrame>()];
        if (frames.Length == 0) return null;
        return new()
        {
            Key = "weights",
            Title = "Weights after training",
            Text = "How the kept weights are spread, by condition, in the largest layers: the share of them in each quarter of the "
                + "standard deviation that the layer was drawn with. The grey line is where those of the first condition began.",
            X = new("weight", ValueFormat.Number),
            Y = new("share of kept weights", ValueFormat.Percent),
            Panels = "layer",
            Steps = "weights remaining",
            First = frames.Length / 2,
            Frames = [.. frames],
        };
    }

    private static LineMark[] Layers(Condition condition, RunDetails details)
    {
        var levels = condition.Levels.Select(level => (level.Density, Digests: DigestsOf(level, details)))
            .Where(level => level.Digests.Length > 0).ToArray();
        return levels.Length == 0 ? [] :
        [
            .. levels[0].Digests[0].Layers.Select((layer, l) => new LineMark(NameOf(layer), l,
                [.. levels.Select(level => ChartPoints.Of(level.Density,
                    level.Digests.Average(digest => (double)digest.Layers[l].Kept / digest.Layers[l].Count)))])),
        ];
    }

    private static ChartFrame? FrameOf(ReportSection section, int level, RunDetails details)
    {
        (Condition Condition, LevelRuns Runs, WeightDigest[] Digests)[] all =
        [
            .. from condition in section.Conditions
               from runs in condition.Levels
               where runs.Level == level
               let digests = DigestsOf(runs, details)
               where digests.Length > 0
               select (condition, runs, digests),
        ];
        if (all.Length == 0) return null;
        // The dense networks are one line, not one for each condition.
        if (level == 0 && all[0].Runs.Density == 1) all = all[..1];
        var layers = all[0].Digests[0].Layers.Index().OrderByDescending(layer => layer.Item.Count).Take(MostLayers).OrderBy(layer => layer.Index);
        return new(NumberFormat.Density(all[0].Runs.Density),
        [
            .. layers.Select(layer => new ChartPanel(NameOf(layer.Item),
            [
                Histogram("at the start", Mark.Neutral, all[0].Digests, layer.Index, digest => digest.Initial),
                .. all.Select(one => Histogram(
                    level == 0 && one.Runs.Density == 1 ? "dense" : one.Condition.Name, one.Condition.Slot, one.Digests, layer.Index, digest => digest.Final)),
            ])),
        ]);
    }

    private static LineMark Histogram(
        string name, int slot, WeightDigest[] digests, int layer, Func<LayerDigest, ImmutableArray<int>> counts)
    {
        LayerDigest[] layers = [.. digests.Select(digest => digest.Layers[layer])];
        double[] shares =
        [
            .. Enumerable.Range(0, LayerDigest.Bins)
                .Select(bin => layers.Average(one => counts(one)[bin] / (double)Math.Max(1, counts(one).Sum()))),
        ];
        int first = Math.Max(0, Array.FindIndex(shares, share => share > 0) - 1);
        int last = Math.Min(shares.Length - 1, Array.FindLastIndex(shares, share => share > 0) + 1);
        return new(name, slot,
            [.. Enumerable.Range(first, Math.Max(0, last - first + 1))
                .Select(bin => ChartPoints.Of((bin - LayerDigest.Bins / 2) * layers[0].Width, shares[bin]))])
        {
            Dotted = false,
        };
    }

    private static WeightDigest[] DigestsOf(LevelRuns level, RunDetails details) =>
        [.. level.Runs.Select(run => details.Digest(run.Id)).OfType<WeightDigest>()];

    private static string NameOf(LayerDigest layer) => layer.Name.EndsWith(".weight", StringComparison.Ordinal) ? layer.Name[..^7] : layer.Name;
}
