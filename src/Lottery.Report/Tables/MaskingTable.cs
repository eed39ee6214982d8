using System.Collections.Immutable;
using Lottery.Masks;
using Lottery.Report.Statistics;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>
/// Masking as training (Zhou et al. 2019, sections 4 and 5): a row per grid cell and level, densest first. It counts the
/// pruned weights that masking moved in the direction of training: those whose trained value is nearer to 0 than to their
/// initial value.
/// </summary>
/// <param name="Axes">What varies between cells.</param>
/// <param name="Rows">Densest first, then in the order of the cells.</param>
internal sealed record MaskingTable(ImmutableArray<RunField> Axes, ImmutableArray<MaskingRow> Rows)
{
    /// <summary>The most replicates that any row has.</summary>
    public int Replicates => Rows.Max(row => row.All.Pruned.Count);

    /// <summary>The columns of the table when it is printed.</summary>
    internal IReadOnlyList<TableColumn<MaskingRow>> Columns =>
    [
        new("density", ColumnKind.Number, row => NumberFormat.Density(row.Density)),
        .. Axes.Select((axis, i) => new TableColumn<MaskingRow>(axis.Label, ColumnKind.Text, row => row.Values[i])),
        new("at step 0", ColumnKind.Whole, row => NumberFormat.Accuracy(row.InitialAccuracy)),
        new("nearer to 0", ColumnKind.Whole, row => NumberFormat.Accuracy(row.All.Pruned)),
        new("random mask", ColumnKind.Whole, row => NumberFormat.Accuracy(row.All.Random)),
        new("difference", ColumnKind.Whole, row => NumberFormat.Difference(row.All.Difference.Estimate)),
    ];

    /// <summary>What the columns and brackets of the table mean, a sentence each.</summary>
    internal IEnumerable<string> Notes =>
    [
        "At step 0: validation accuracy before any training. Nearer to 0: the fraction of the pruned weights whose trained value "
            + "is nearer to 0 than to their initial value; random mask: the fraction expected of a random mask with the same counts.",
        "All in percent, over all layers; --json has each layer.",
        Labels.Brackets(Rows.Min(row => row.All.Pruned.Count), Replicates, testImages: 0),
    ];

    /// <summary>Averages the runs of some cells; runs of one cell and level are replicates of a row.</summary>
    public static MaskingTable Create(ImmutableArray<RunField> axes, IEnumerable<MaskingGroup> groups) => new(axes,
    [
        .. groups.SelectMany(group => group.Runs.GroupBy(run => run.Level).Select(level => CreateRow(group.Values, [.. level])))
            .OrderBy(row => row.Level),
    ]);

    private static MaskingRow CreateRow(ImmutableArray<string> values, RunSummary[] runs) => new(
        values, runs[0].Level, runs.Average(run => run.Density),
        Estimate.FromFractions([.. runs.Select(run => run.Metrics.InitialAccuracy)]),
        Fractions([.. runs.Select(run => Layers(run).Values.ToArray())]),
        [.. Layers(runs[0]).Keys.Where(layer => runs.All(run => Layers(run).ContainsKey(layer))).Select(layer => (layer, Fractions([.. runs.Select(run => new[] { Layers(run)[layer] })])))]);

    private static ImmutableSortedDictionary<string, MaskingMetrics> Layers(RunSummary run) => run.Pruning.Masking!;

    private static MaskingFractions Fractions(MaskingMetrics[][] runs)
    {
        // A layer in which a run prunes nothing has no fraction there.
        MaskingMetrics[][] pruning = [.. runs.Where(layers => layers.Sum(layer => layer.Pruned) > 0)];
        double[] pruned = [.. pruning.Select(layers => MaskingMetrics.Fraction(layers))];
        double[] random = [.. pruning.Select(layers => MaskingMetrics.RandomFraction(layers))];
        return new(Estimate.FromFractions(pruned), Estimate.FromFractions(random), PairedDifference.OfFractions([.. pruned.Zip(random, (a, b) => a - b)]));
    }
}

/// <summary>The pruned runs of one grid cell.</summary>
/// <param name="Values">Its values, one per axis.</param>
/// <param name="Runs">Its runs of all levels and seeds; each has counted what masking moved.</param>
internal sealed record MaskingGroup(ImmutableArray<string> Values, ImmutableArray<RunSummary> Runs);

/// <summary>One grid cell at one level.</summary>
/// <param name="Values">Its values, one per axis.</param>
/// <param name="Level">1 or more.</param>
/// <param name="Density">Kept ÷ prunable weights, 0–1.</param>
/// <param name="InitialAccuracy">Validation accuracy at step 0, 0–1.</param>
/// <param name="All">The fractions over all layers.</param>
/// <param name="Layers">The fractions of each layer, by its parameter's name.</param>
internal sealed record MaskingRow(
    ImmutableArray<string> Values, int Level, double Density, Estimate InitialAccuracy, MaskingFractions All,
    ImmutableArray<(string Layer, MaskingFractions Fractions)> Layers);

/// <summary>The fraction (0–1) of pruned weights whose trained value is nearer to 0 than to their initial value.</summary>
/// <param name="Pruned">Of the weights that the mask pruned.</param>
/// <param name="Random">What a random mask with the same counts per layer is expected to have.</param>
/// <param name="Difference"><paramref name="Pruned"/> − <paramref name="Random"/>, paired by run.</param>
internal sealed record MaskingFractions(Estimate Pruned, Estimate Random, PairedDifference Difference);
