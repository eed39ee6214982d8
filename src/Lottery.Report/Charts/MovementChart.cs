using Lottery.Report.Sections;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Charts;

/// <summary>
/// Initial against trained weights, and which of them each criterion keeps when the first level is pruned (Zhou et al.
/// 2019, figure 2): a panel per criterion, a frame per layer.
/// </summary>
internal static class MovementChart
{
    private const int MostPanels = 12, MostLayers = 6;

    /// <summary>The chart; null if nothing was pruned or no digest can be read.</summary>
    public static Chart? Create(ReportSection section, RunDetails details)
    {
        Pruning[] prunings =
        [
            .. section.Conditions.Where(one => one.Control == Control.None)
                .Select(one => one.Levels.FirstOrDefault(level => level.Level > 0)?.Runs[0]).OfType<RunSummary>()
                .DistinctBy(run => run.Criterion).Take(MostPanels)
                .Select(run => run.Parent is { } parent && details.Digest(parent, run.Specification.Network) is { } before && details.Digest(run) is { } after
                    ? new Pruning(run.Criterion!, before, after) : null).OfType<Pruning>(),
        ];
        if (prunings.Length == 0) return null;
        var layers = prunings[0].Before.Layers.Index().OrderByDescending(layer => layer.Item.Count).Take(MostLayers).OrderBy(layer => layer.Index);
        return new()
        {
            Key = "movement",
            Title = "Which weights a criterion keeps",
            Text = "A sample of the first replicate’s weights: initial value, value after training, and whether the first pruning kept it. "
                + "Weights on the diagonal did not move.",
            X = new("initial weight", NumberKind.Number),
            Y = new("weight after training", NumberKind.Number),
            Series = "weights",
            Panels = "criterion",
            Steps = "layer",
            Frames = [.. layers.Select(layer => new ChartFrame(layer.Item.Name.Replace(".weight", "", StringComparison.Ordinal),
                [.. prunings.Select(one => new ChartPanel(one.Criterion, [Points(one, layer.Index, kept: false), Points(one, layer.Index, kept: true)]))]))],
        };
    }

    private static PointMark Points(Pruning pruning, int layer, bool kept) => new(
        kept ? "kept" : "pruned", kept ? 0 : 1,
        [
            .. pruning.Before.Layers[layer].Sample.Zip(pruning.After.Layers[layer].Sample)
                .Where(pair => pair.First.Kept && pair.Second.Kept == kept)
                .Select(pair => (Rounded(pair.First.Initial), Rounded(pair.First.Final))),
        ]);

    /// <summary>Four significant digits: more cannot be seen in a drawing.</summary>
    private static double Rounded(float value) => value == 0 || !float.IsFinite(value) ? value
        : Math.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15));

    /// <summary>A criterion with the digests of a dense network and of the first level that was pruned from it.</summary>
    private sealed record Pruning(string Criterion, WeightDigest Before, WeightDigest After);
}
