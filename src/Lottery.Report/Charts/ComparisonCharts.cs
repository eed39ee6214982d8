using System.Collections.Immutable;
using Lottery.Report.Comparisons;
using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Report.Charts;

/// <summary>How far masks overlap, and how training moved the weights that they keep and prune.</summary>
internal static class ComparisonCharts
{
    private const int MostLayers = 4, MostMatrix = 30;

    /// <summary>Every chart for which <paramref name="comparison"/> has data, in reading order.</summary>
    /// <param name="section">The section whose runs are compared; it gives conditions their colours.</param>
    /// <param name="comparison">Its comparison.</param>
    public static IEnumerable<Chart> Create(ReportSection section, RunComparison comparison)
    {
        Dictionary<string, int> slots = section.Conditions.ToDictionary(one => one.Name, one => one.Slot);
        Chart?[] charts =
        [
            Overlap(comparison, slots), Matrix(section, comparison),
            Movement(section, comparison, slots, "signs", "Signs that training left", "The fraction of weights whose sign after training is that of their initial value.",
                new("same sign", NumberKind.Percent), moved => moved.SameSign),
            Movement(section, comparison, slots, "distances", "Distance that training moved weights", "The mean of |w_f − w_i|.",
                new("mean of |w_f − w_i|", NumberKind.Number), moved => moved.Distance),
            Histogram(comparison), ConnectionChart.Create(comparison, slots),
        ];
        return from chart in charts.OfType<Chart>()
               select comparison.Limits.Length == 0 ? chart : chart with { Text = $"{chart.Text} {comparison.Limits}" };
    }

    /// <summary>Overlap by density: between seeds, and with the first condition; a frame for all layers and for each.</summary>
    private static Chart? Overlap(RunComparison comparison, Dictionary<string, int> slots)
    {
        OverlapRow[] seeds = [.. comparison.Overlaps.Where(row => row.Kind == OverlapKind.Seeds)];
        string? first = comparison.Overlaps.FirstOrDefault(row => row.Kind == OverlapKind.Conditions)?.First;
        OverlapRow[] conditions = [.. comparison.Overlaps.Where(row => row.Kind == OverlapKind.Conditions && row.First == first)];
        if (seeds.Length + conditions.Length == 0) return null;
        string[] layers = [.. (seeds.Length > 0 ? seeds : conditions)[0].Layers.Select(layer => layer.Layer)];
        return new()
        {
            Key = "mask-overlap",
            Title = "Overlap of masks",
            Text = "Weights that two masks both keep ÷ weights that at least one keeps, the mean over pairs of runs. The grey line is what two random masks "
                + "with the same counts in each layer are expected to have.",
            X = ChartAxis.Density,
            Y = new("overlap", NumberKind.Percent) { Range = (0, 1) },
            Panels = "pair",
            Steps = "layer",
            Frames =
            [
                new("all layers", Panels(row => row.All)),
                .. layers.Length < 2 ? [] : layers.Select((name, l) => new ChartFrame(ComparisonTables.NameOf(name), Panels(row => row.Layers[l].Overlap))),
            ],
        };

        ImmutableArray<ChartPanel> Panels(Func<OverlapRow, PairOverlap> of) =>
        [
            .. Panel("two seeds of a condition", seeds, row => row.First, of),
            .. Panel($"with {first}, same seed", conditions, row => row.Second, of),
        ];

        ChartPanel[] Panel(string label, OverlapRow[] rows, Func<OverlapRow, string> name, Func<OverlapRow, PairOverlap> of) => rows.Length == 0 ? [] :
        [
            new(label,
            [
                new LineMark("chance", Mark.Neutral, [.. rows.GroupBy(row => row.Level).Select(level => ChartPoint.Exact(level.First().Density, of(level.First()).Chance))]),
                .. rows.GroupBy(name).Select(one => new LineMark(one.Key, slots[one.Key],
                    [.. one.Select(row => ChartPoint.Of(row.Density, of(row).Overlap))])),
            ]),
        ];
    }

    /// <summary>Each condition's masks with each other's; a frame for each level.</summary>
    private static Chart? Matrix(ReportSection section, RunComparison comparison)
    {
        OverlapRow[] rows = [.. comparison.Overlaps.Where(row => row.Kind == OverlapKind.Conditions)];
        string[] names = [.. section.Conditions.Select(one => one.Name).Where(name => rows.Any(row => row.First == name || row.Second == name))];
        if (names.Length is < 3 or > MostMatrix) return null;
        var levels = rows.GroupBy(row => row.Level).OrderBy(level => level.Key).ToArray();
        return new()
        {
            Key = "mask-overlap-matrix",
            Title = "Overlap of each condition’s masks with each other’s",
            Text = "The mean over seeds of the weights that both masks of a seed keep ÷ those that at least one keeps. "
                + $"Random masks would have {string.Join(", ", levels.Select(level => $"{NumberFormat.Percent(level.First().All.Chance)} % at {NumberFormat.Density(level.First().Density)}"))}.",
            X = new("condition", NumberKind.Count, AxisKind.Names),
            Y = new("condition", NumberKind.Count, AxisKind.Names),
            Steps = "weights remaining",
            First = levels.Length / 2,
            Frames = [.. levels.Select(level => new ChartFrame(NumberFormat.Density(level.First().Density), [new("",
                [new HeatMapMark("overlap", [.. names], [.. names], [.. names.Select(row => (ImmutableArray<double>)[.. names.Select(column => Of(level, row, column))])])
                    { Format = NumberKind.Percent, Low = 0, High = 1 }])]))],
        };

        static double Of(IEnumerable<OverlapRow> rows, string one, string other) => one == other ? double.NaN
            : rows.FirstOrDefault(row => (row.First == one && row.Second == other) || (row.First == other && row.Second == one))?.All.Overlap.Mean ?? double.NaN;
    }

    /// <summary>A number of weights' movement by density; panels for the kept and pruned weights of the dense network, and for retraining.</summary>
    private static Chart? Movement(ReportSection section, RunComparison comparison, Dictionary<string, int> slots,
        string key, string title, string text, ChartAxis y, Func<MovementEstimate, Estimate> of)
    {
        ChartPanel[] panels =
        [
            .. Panel("kept, dense training", comparison.Movements.Where(row => row.HasOwnMask), moved => moved.DenseKept),
            .. Panel("pruned, dense training", comparison.Movements.Where(row => row.HasOwnMask), moved => moved.DensePruned),
            .. Panel("kept, retrained", comparison.Movements, moved => moved.Own),
        ];
        return panels.Length == 0 ? null : new()
        {
            Key = key,
            Title = title,
            Text = $"{text} Kept and pruned: the weights that a level’s mask keeps and prunes, in the training of the dense network that it was pruned from; "
                + $"retrained: the kept weights in the run’s own training. {ChartCaption.Band(section)}",
            X = ChartAxis.Density,
            Y = y,
            Panels = "weights",
            Frames = [new("", [.. panels])],
        };

        ChartPanel[] Panel(string label, IEnumerable<MovementRow> rows, Func<Movements, MovementEstimate> weights)
        {
            LineMark[] lines =
            [
                .. from one in rows.GroupBy(row => row.Condition)
                   where slots.ContainsKey(one.Key)
                   let points = one.Where(row => row.Density < 1 && double.IsFinite(of(weights(row.All)).Mean)).Select(row => ChartPoint.Of(row.Density, of(weights(row.All)), isFraction: false)).ToImmutableArray()
                   where !points.IsEmpty
                   select new LineMark(one.Key, slots[one.Key], points),
            ];
            return lines.Length == 0 ? [] : [new(label, [.. lines])];
        }
    }

    /// <summary>How far the first condition's weights moved (Frankle &amp; Carbin 2019, figures 17 and 18): a panel per layer, a frame per level.</summary>
    private static Chart? Histogram(RunComparison comparison)
    {
        MovementRow[] rows = [.. comparison.Movements.Where(row => row.Density < 1 && row.Sums.Any(layer => layer.DenseKept is not null))];
        rows = [.. rows.Where(row => row.Condition == rows[0].Condition)];
        if (rows.Length == 0) return null;
        return new()
        {
            Key = "distance-histograms",
            Title = $"How far weights moved{(comparison.Axes.IsEmpty ? "" : $": {rows[0].Condition}")}",
            Text = "The distribution of |w_f − w_i|, of all seeds, in the largest layers: of the weights that the mask keeps and prunes, in the training of the dense "
                + "network; and of the kept ones in the run’s own training. Bins of an eighth of the standard deviation of the layer’s initial weights.",
            X = new("|w_f − w_i|", NumberKind.Number),
            Y = new("fraction of weights", NumberKind.Percent),
            Panels = "layer",
            Steps = "weights remaining",
            Series = "weights",
            First = rows.Length / 2,
            Frames = [.. rows.Select(row => new ChartFrame(NumberFormat.Density(row.Density),
                [.. Largest(row).Select(layer => new ChartPanel(ComparisonTables.NameOf(layer.Parameter.Name),
                    [.. Line("kept", 0, layer, layer.DenseKept), .. Line("pruned", 1, layer, layer.DensePruned), .. Line("kept, retrained", 2, layer, layer.Own)]))]))],
        };

        static LineMark[] Line(string name, int slot, LayerMovement layer, WeightMovement? moved)
        {
            if (moved is null || moved.ByDistance.Sum() is not (> 0 and var sum)) return [];
            int last = moved.ByDistance.Select((count, bin) => count > 0.001 * sum ? bin : 0).Max();
            return
            [
                new(name, slot, [.. moved.ByDistance.Take(last + 1).Select((count, bin) => ChartPoint.Exact((bin + 0.5) * layer.BinWidth, (double)count / sum))])
                {
                    HasMarkers = false,
                },
            ];
        }
    }

    private static IEnumerable<LayerMovement> Largest(MovementRow row) => row.Sums.Index()
        .OrderByDescending(layer => layer.Item.Parameter.Count).Take(MostLayers).OrderBy(layer => layer.Index).Select(layer => layer.Item);
}
