using System.Collections.Immutable;
using Lottery.Masks;
using Lottery.Report.Statistics;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>
/// Masking as training (Zhou et al. 2019, sections 4 and 5): a row per grid cell, level and measure, densest first. It counts the
/// pruned weights that training had moved the way that masking moves them.
/// </summary>
/// <param name="Axes">What varies between cells.</param>
/// <param name="Rows">Densest first, then in the order of the cells.</param>
internal sealed record MaskingTable(ImmutableArray<RunField> Axes, ImmutableArray<MaskingRow> Rows)
{
    /// <summary>The most replicates that any row has.</summary>
    public int Replicates => Rows.Max(row => row.InitialAccuracy.Count);

    /// <summary>The rows of the table when it is printed: one for each measure.</summary>
    internal IEnumerable<(MaskingRow Row, MaskingMeasure Measure)> Lines => from row in Rows from measure in Enum.GetValues<MaskingMeasure>() select (row, measure);

    /// <summary>The columns of the table when it is printed.</summary>
    internal IReadOnlyList<TableColumn<(MaskingRow Row, MaskingMeasure Measure)>> Columns =>
    [
        new("density", ColumnKind.Number, line => NumberFormat.Density(line.Row.Density)),
        .. Axes.Select((axis, i) => new TableColumn<(MaskingRow Row, MaskingMeasure Measure)>(axis.Label, ColumnKind.Text, line => line.Row.Values[i])),
        new("training", ColumnKind.Text, line => Label(line.Measure)),
        new("pruned", ColumnKind.Whole, line => NumberFormat.Accuracy(line.Row.All[line.Measure].Pruned)),
        new("all", ColumnKind.Whole, line => NumberFormat.Accuracy(line.Row.All[line.Measure].Trained)) { IsSecondary = true },
        new("random mask", ColumnKind.Whole, line => NumberFormat.Accuracy(line.Row.All[line.Measure].Random)),
        new("difference", ColumnKind.Whole, line => NumberFormat.Difference(line.Row.All[line.Measure].Difference.Estimate)),
        new("at step 0", ColumnKind.Whole, line => line.Measure == MaskingMeasure.Towards ? NumberFormat.Accuracy(line.Row.InitialAccuracy) : "") { IsSecondary = true },
    ];

    /// <summary>What the columns and brackets of the table mean, a sentence each.</summary>
    internal IEnumerable<string> Notes =>
    [
        "Of the weights that a level prunes, and of all that the level before trained: the fraction that its training moved towards 0 (perhaps "
            + "beyond), whose magnitude it made smaller, and that ended nearer to 0 than to their initial value.",
        "Random mask: the fraction expected of a random mask with the same counts in each layer; difference: pruned − random mask.",
        "At step 0: validation accuracy before any training. All in percent, over all layers; --json has each layer.",
        Labels.Brackets(Rows.Min(row => row.InitialAccuracy.Count), Replicates),
    ];

    /// <summary>Averages the runs of some cells; runs of one cell and level are replicates of a row.</summary>
    public static MaskingTable Create(ImmutableArray<RunField> axes, IEnumerable<MaskingGroup> groups) => new(axes,
    [
        .. groups.SelectMany(group => group.Runs.GroupBy(run => run.Level).Select(level => CreateRow(group.Values, [.. level])))
            .OrderBy(row => row.Level),
    ]);

    /// <summary>True for a run that a score has cut from another: controls have their ticket's mask, or a random one.</summary>
    public static bool HasRow(RunSummary run) => run is { Level: > 0, Ticket: null, Pruning.Masking: not null };

    /// <summary>What a measure counts, as the end of a sentence that begins with training.</summary>
    public static string Label(MaskingMeasure measure) => measure switch
    {
        MaskingMeasure.Towards => "towards 0",
        MaskingMeasure.Decreased => "made smaller",
        MaskingMeasure.Nearer => "nearer to 0",
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "A measure without a label."),
    };

    private static MaskingRow CreateRow(ImmutableArray<string> values, RunSummary[] runs) => new(
        values, runs[0].Level, runs.Average(run => run.Density),
        Estimate.FromFractions([.. runs.Select(run => run.Metrics.InitialAccuracy)]),
        Fractions([.. runs.Select(run => Layers(run).Values.ToArray())]),
        [.. Layers(runs[0]).Keys.Where(layer => runs.All(run => Layers(run).ContainsKey(layer))).Select(layer => (layer, Fractions([.. runs.Select(run => new[] { Layers(run)[layer] })])))]);

    private static ImmutableSortedDictionary<string, MaskingMetrics> Layers(RunSummary run) => run.Pruning.Masking!;

    private static ImmutableDictionary<MaskingMeasure, MaskingFractions> Fractions(MaskingMetrics[][] runs)
    {
        // A layer in which a run prunes nothing has no fraction there.
        MaskingMetrics[][] pruning = [.. runs.Where(layers => layers.Sum(layer => layer.Pruned) > 0)];
        return Enum.GetValues<MaskingMeasure>().ToImmutableDictionary(measure => measure, Of);

        MaskingFractions Of(MaskingMeasure measure)
        {
            double[] pruned = [.. pruning.Select(layers => MaskingMetrics.Fraction(measure, layers))];
            double[] trained = [.. pruning.Select(layers => MaskingMetrics.TrainedFraction(measure, layers))];
            double[] random = [.. pruning.Select(layers => MaskingMetrics.RandomFraction(measure, layers))];
            return new(Estimate.FromFractions(pruned), Estimate.FromFractions(trained), Estimate.FromFractions(random), Difference(trained), Difference(random));

            PairedDifference Difference(double[] others) => PairedDifference.OfFractions([.. pruned.Zip(others, (a, b) => a - b)]);
        }
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
    ImmutableArray<string> Values, int Level, double Density, Estimate InitialAccuracy, ImmutableDictionary<MaskingMeasure, MaskingFractions> All,
    ImmutableArray<(string Layer, ImmutableDictionary<MaskingMeasure, MaskingFractions> Fractions)> Layers);

/// <summary>The fraction (0–1) of weights that have what a measure counts.</summary>
/// <param name="Pruned">Of the weights that the mask pruned.</param>
/// <param name="Trained">Of all weights that the level before trained.</param>
/// <param name="Random">What a random mask with the same counts per layer is expected to have.</param>
/// <param name="FromTrained"><paramref name="Pruned"/> − <paramref name="Trained"/>, paired by run.</param>
/// <param name="Difference"><paramref name="Pruned"/> − <paramref name="Random"/>, paired by run.</param>
internal sealed record MaskingFractions(Estimate Pruned, Estimate Trained, Estimate Random, PairedDifference FromTrained, PairedDifference Difference);
