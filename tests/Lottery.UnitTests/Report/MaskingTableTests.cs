using System.Collections.Immutable;
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
        MaskingFractions fractions = Typical.Rows[0].All;
        Assert.Equal((0.8, 0.5, 0.3), (fractions.Pruned.Mean, fractions.Random.Mean, Math.Round(fractions.Difference.Estimate.Mean, 12)));
        // Student's t with one degree of freedom, ±1.27: a fraction is from 0 to 1, a difference need not be.
        Assert.Equal((0.0, 1.0), (fractions.Pruned.Low, fractions.Pruned.High));
        Assert.Equal(0.3 - 12.7062047362 * 0.1, fractions.Difference.Estimate.Low, 1e-9);
        Assert.Equal((2, 0.0), (Typical.Rows[1].All.Difference.Estimate.Count, Typical.Rows[1].All.Difference.Estimate.Mean));
        Assert.Equal(fractions.Pruned, Assert.Single(Typical.Rows[0].Layers).Fractions.Pruned);
    }

    [Fact]
    public void A_layer_that_prunes_nothing_has_no_fraction()
    {
        MaskingRow row = MaskingTable.Create([], [new([], [Run(1, 0, 0, 20, 10)])]).Rows[0];
        Assert.True(double.IsNaN(row.All.Pruned.Mean));
        Assert.Contains("–", TableText.Lines(new MaskingTable([], [row]), null).ElementAt(1), StringComparison.Ordinal);
        Assert.Null(TableJson.Write(new MaskingTable([], [row]))[0]!["all"]!["nearer"]!["mean"]);
    }

    private static RunSummary Run(int level, int pruned, int prunedNearer, int candidates, int candidatesNearer) =>
        MadeUp.Summary(new('a', 64), "lenet-300-100", seed: 1, level, Math.Pow(0.5, level), accuracy: 0.9) with
        {
            Pruning = PruningMetrics.None with
            {
                Masking = ImmutableSortedDictionary<string, MaskingMetrics>.Empty.Add("fc1.weight", new(pruned, prunedNearer, candidates, candidatesNearer)),
            },
        };
}
