using Lottery.Report.Sections;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Charts;

/// <summary>
/// Where weights began and ended, and which of them each criterion keeps (Zhou et al. 2019, figure 2): a panel a criterion,
/// a step for each layer. Shown where the first level is cut.
/// </summary>
internal static class MovementChart
{
    private const int MostPanels = 12, MostLayers = 6;

    /// <summary>The chart; null where nothing was pruned or no digest can be read.</summary>
    public static Chart? Of(ReportSection section, RunDetails details)
    {
        (string Name, WeightDigest Before, WeightDigest After)[] cuts =
        [
            .. section.Conditions.Where(one => one.Control == Control.None)
                .Select(one => one.Levels.FirstOrDefault(level => level.Level > 0)?.Runs[0]).OfType<StoredRun>()
                .DistinctBy(run => run.Record.Criterion).Take(MostPanels)
                .Select(run => (run.Record.Criterion!, run.Record.Parent is { } parent ? details.Digest(parent) : null, details.Digest(run.Id)))
                .Where(cut => cut.Item2 is not null && cut.Item3 is not null)
                .Select(cut => (cut.Item1, cut.Item2!, cut.Item3!)),
        ];
        if (cuts.Length == 0) return null;
        var layers = cuts[0].Before.Layers.Index().OrderByDescending(layer => layer.Item.Count).Take(MostLayers).OrderBy(layer => layer.Index);
        return new()
        {
            Key = "movement",
            Title = "Which weights a criterion keeps",
            Text = "A sample of weights of the first replicate: where each began, where training took it, and whether the first cut kept it. "
                + "What lies on the diagonal did not move.",
            X = new("weight at the start", ValueFormat.Number),
            Y = new("weight after training", ValueFormat.Number),
            Series = "weights",
            Panels = "criterion",
            Steps = "layer",
            Frames = [.. layers.Select(layer => new ChartFrame(layer.Item.Name.Replace(".weight", "", StringComparison.Ordinal),
                [.. cuts.Select(cut => new ChartPanel(cut.Name, [Points(cut, layer.Index, kept: false), Points(cut, layer.Index, kept: true)]))]))],
        };
    }

    private static PointMark Points((string Name, WeightDigest Before, WeightDigest After) cut, int layer, bool kept) => new(
        kept ? "kept" : "pruned", kept ? 0 : 1,
        [
            .. cut.Before.Layers[layer].Sample.Zip(cut.After.Layers[layer].Sample)
                .Where(pair => pair.First.Kept && pair.Second.Kept == kept)
                .Select(pair => (Short(pair.First.Initial), Short(pair.First.Final))),
        ]);

    /// <summary>Four digits: more cannot be seen in a drawing.</summary>
    private static double Short(float value) => value == 0 || !float.IsFinite(value) ? value
        : Math.Round(value, Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15));
}
