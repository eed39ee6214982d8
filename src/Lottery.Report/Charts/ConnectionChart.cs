using Lottery.Report.Comparisons;
using Lottery.Report.Tables;

namespace Lottery.Report.Charts;

/// <summary>
/// Histograms of the kept weights of units (Frankle &amp; Carbin 2019, figures 19–24): a panel for each side of a layer, a frame
/// per level.
/// </summary>
internal static class ConnectionChart
{
    private const int MostPanels = 8, MostBins = 24;

    /// <summary>The chart; null if nothing was pruned.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="slots">The colours of the conditions.</param>
    public static Chart? Create(RunComparison comparison, Dictionary<string, int> slots)
    {
        var levels = comparison.Connections.GroupBy(row => row.Level).ToArray();
        if (levels.Length == 0) return null;
        return new()
        {
            Key = "connections",
            Title = "Kept weights of units",
            Text = "The fraction of a unit’s weights (of a convolution: of a channel’s) that is kept, as a histogram over the units of all seeds: incoming weights of the "
                + "units that a layer computes, outgoing weights of those that it reads. The grey line is expected of a random mask with the layer’s counts.",
            X = new("fraction of a unit’s weights that is kept", NumberKind.Density),
            Y = new("fraction of units", NumberKind.Percent),
            Panels = "weights",
            Steps = "weights remaining",
            First = levels.Length / 2,
            Frames = [.. levels.Select(level => new ChartFrame(NumberFormat.Density(level.First().Density),
                [.. level.GroupBy(row => (row.Layer, row.IsIncoming)).Take(MostPanels).Select(side => Panel([.. side], slots))]))],
        };
    }

    private static ChartPanel Panel(ConnectionRow[] rows, Dictionary<string, int> slots)
    {
        int least = rows.Min(row => row.Least), most = rows.Max(row => row.Most), width = Math.Max(1, (most - least + MostBins) / MostBins), start = Math.Max(0, least / width - 1);
        UnitConnections first = rows[0].Replicates[0];
        double[] chance = Hypergeometric.Probabilities(first.Each * first.Kept.Length, first.Kept.Sum(), first.Each);
        return new($"{ComparisonTables.NameOf(rows[0].Layer)}, {(rows[0].IsIncoming ? "incoming" : "outgoing")}",
        [
            Line("random mask, expected", Mark.Neutral, chance.Select((probability, kept) => (kept, probability)), 1),
            .. rows.Select(row => Line(row.Condition, slots[row.Condition],
                row.Replicates.SelectMany(one => one.Kept).Select(kept => (kept, 1.0)), row.Replicates.Sum(one => one.Kept.Length))),
        ]);

        LineMark Line(string name, int slot, IEnumerable<(int Kept, double Weight)> units, double sum)
        {
            var bins = new double[most / width + 1];
            foreach ((int kept, double weight) in units)
                if (kept / width < bins.Length) bins[kept / width] += weight / sum;
            return new(name, slot, [.. bins.Index().Skip(start).Select(bin => ChartPoint.Exact((bin.Index * width + (width - 1) / 2.0) / first.Each, bin.Item))]) { HasMarkers = false };
        }
    }
}
