using System.Collections.Immutable;
using System.Globalization;
using Lottery.Cli.Tables;
using Lottery.Masks;
using Lottery.Report.Tables;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report;

public class MaskingTableTests
{
    private static readonly MaskingTable Typical = MaskingTable.Create([RunFields.Get("criterion")],
    [
        new(["large-final"], [Run(1, 10, 9, 20, 10), Run(1, 10, 7, 20, 10), Run(2, 10, 2, 10, 2)]),
        new(["random"], [Run(1, 10, 5, 20, 10), Run(1, 10, 6, 20, 12)]),
    ]);

    [Fact]
    public void Rows_are_levels_of_cells_densest_first() => Assert.Equal(
        ["large-final 1", "random 1", "large-final 2"], Typical.Rows.Select(row => $"{row.Values[0]} {row.Level}"));

    [Fact]
    public void Fractions_are_paired_by_run()
    {
        MaskingFractions fractions = Typical.Rows[0].All[MaskingMeasure.Nearer];
        Assert.Equal((0.8, 0.5, 0.3), (fractions.Pruned.Mean, fractions.Random.Mean, Math.Round(fractions.Difference.Estimate.Mean, 12)));
        // Student's t with one degree of freedom, ±1.27: a fraction is from 0 to 1, a difference need not be.
        Assert.Equal((0.0, 1.0), (fractions.Pruned.Low, fractions.Pruned.High));
        Assert.Equal(0.3 - 12.7062047362 * 0.1, fractions.Difference.Estimate.Low, 1e-9);
        Assert.Equal((2, 0.0), (Typical.Rows[1].All[MaskingMeasure.Nearer].Difference.Estimate.Count, Typical.Rows[1].All[MaskingMeasure.Nearer].Difference.Estimate.Mean));
        Assert.Equal(fractions.Pruned, Assert.Single(Typical.Rows[0].Layers).Fractions[MaskingMeasure.Nearer].Pruned);
    }

    [Fact]
    public void Directions_stand_beside_distances_each_with_all_weights_and_a_random_mask()
    {
        // Two layers that are pruned by 1 in 2 and 1 in 10: a random mask weighs them by what it prunes, all weights by what they are.
        MaskingTable table = MaskingTable.Create([], [new([], [Run(1,
            new MaskingMetrics(10, 2, 20, 4) { PrunedTowards = 8, CandidatesTowards = 10, PrunedDecreased = 6, CandidatesDecreased = 8 },
            new MaskingMetrics(10, 0, 100, 20) { PrunedTowards = 4, CandidatesTowards = 10, PrunedDecreased = 2, CandidatesDecreased = 10 })])]);
        Assert.Equal(
            ["Towards 0.6 0.1667 0.3 0.3 0.4333", "Decreased 0.4 0.15 0.25 0.15 0.25", "Nearer 0.1 0.2 0.2 -0.1 -0.1"],
            table.Rows[0].All.OrderBy(one => one.Key).Select(one => string.Create(CultureInfo.InvariantCulture,
                $"{one.Key} {one.Value.Pruned.Mean:0.####} {one.Value.Trained.Mean:0.####} {one.Value.Random.Mean:0.####} {one.Value.Difference.Estimate.Mean:0.####} {one.Value.FromTrained.Estimate.Mean:0.####}")));
        string[] lines = [.. TableText.Lines(table, null)];
        Assert.StartsWith(" density  training      pruned  all   random mask  difference  at step 0", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  50.0 %  towards 0     60.0    16.7  30.0         +30.0       10.0", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("  50.0 %  nearer to 0   10.0    20.0  20.0         −10.0", lines[3], StringComparison.Ordinal);
        Assert.Equal(["towards", "decreased", "nearer"], TableJson.Write(table)[0]!["all"]!.AsObject().Select(one => one.Key));
    }

    [Fact]
    public void A_layer_that_prunes_nothing_has_no_fraction()
    {
        MaskingRow row = MaskingTable.Create([], [new([], [Run(1, 0, 0, 20, 10)])]).Rows[0];
        Assert.True(row.All.Values.All(measure => double.IsNaN(measure.Pruned.Mean)));
        Assert.Contains("–", TableText.Lines(new MaskingTable([], [row]), null).ElementAt(1), StringComparison.Ordinal);
        Assert.Null(TableJson.Write(new MaskingTable([], [row]))[0]!["all"]!["nearer"]!["pruned"]!["mean"]);
    }

    private static RunSummary Run(int level, int pruned, int prunedNearer, int candidates, int candidatesNearer) =>
        Run(level, new MaskingMetrics(pruned, prunedNearer, candidates, candidatesNearer));

    private static RunSummary Run(int level, params MaskingMetrics[] layers) =>
        MadeUp.Summary(new('a', 64), "lenet-300-100", seed: 1, level, Math.Pow(0.5, level), accuracy: 0.9) with
        {
            Pruning = PruningMetrics.None with
            {
                Masking = layers.Index().ToImmutableSortedDictionary(layer => $"fc{layer.Index + 1}.weight", layer => layer.Item, StringComparer.Ordinal),
            },
        };
}
