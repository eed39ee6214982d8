using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Report.Comparisons;

/// <summary>The tables of a comparison as people read them: a selection of its rows, and what the columns mean.</summary>
/// <param name="comparison">The comparison.</param>
internal sealed class ComparisonTables(RunComparison comparison)
{
    /// <summary>What the overlaps are.</summary>
    public static string OverlapTitle => "Overlap of masks: weights that both keep ÷ weights that either keeps, in percent.";

    /// <summary>What the signs are.</summary>
    public static string SignTitle => "Signs: weights whose sign after training is that of their initial value, in percent.";

    /// <summary>What the distances are.</summary>
    public static string DistanceTitle => "Distances: the mean of |w_f − w_i|.";

    /// <summary>What the connections are.</summary>
    public static string ConnectionTitle => "Kept weights of each unit (of a convolution: each channel).";

    /// <summary>
    /// Overlaps between seeds, and between each condition and the first one. A level that only took weights from the one before
    /// has no row.
    /// </summary>
    public ImmutableArray<OverlapRow> OverlapRows
    {
        get
        {
            string? first = comparison.Overlaps.FirstOrDefault(row => row.Kind == OverlapKind.Conditions)?.First;
            return
            [
                .. comparison.Overlaps.Where(row => row.Kind switch
                {
                    OverlapKind.Conditions => row.First == first,
                    OverlapKind.Levels => !row.IsNested,
                    _ => true,
                }),
            ];
        }
    }

    /// <summary>The units of the first condition and of its random masks.</summary>
    public ImmutableArray<ConnectionRow> ConnectionRows
    {
        get
        {
            string[] shown = [.. comparison.Connections.Select(row => row.Condition).Distinct().Take(2)];
            return [.. comparison.Connections.Where(row => shown.Contains(row.Condition))];
        }
    }

    /// <summary>The columns of <see cref="OverlapRows"/>.</summary>
    public static IReadOnlyList<TableColumn<OverlapRow>> OverlapColumns =>
    [
        new("density", ColumnKind.Number, row => NumberFormat.Density(row.Density)),
        new("masks", ColumnKind.Text, Pair),
        new("overlap", ColumnKind.Whole, row => row.Kind == OverlapKind.Seeds && row.All.Pairs > 1
            ? $"{NumberFormat.Percent(row.All.Overlap.Mean)} ({NumberFormat.Percent(row.All.Least)} to {NumberFormat.Percent(row.All.Most)})"
            : NumberFormat.Accuracy(row.All.Overlap)),
        new("chance", ColumnKind.Number, row => NumberFormat.Percent(row.All.Chance)),
        new("÷ chance", ColumnKind.Number, row => Number(row.All.Overlap.Mean / row.All.Chance)),
        new("pairs", ColumnKind.Number, row => NumberFormat.Count(row.All.Pairs)),
    ];

    /// <summary>The columns of the signs in <see cref="RunComparison.Movements"/>.</summary>
    public static IReadOnlyList<TableColumn<MovementRow>> SignColumns => MovementColumns(moved => NumberFormat.Accuracy(moved.SameSign));

    /// <summary>The columns of the distances in <see cref="RunComparison.Movements"/>.</summary>
    public static IReadOnlyList<TableColumn<MovementRow>> DistanceColumns => MovementColumns(moved => Distance(moved.Distance));

    /// <summary>The columns of <see cref="ConnectionRows"/>.</summary>
    public static IReadOnlyList<TableColumn<ConnectionRow>> ConnectionColumns =>
    [
        new("density", ColumnKind.Number, row => NumberFormat.Density(row.Density)),
        new("condition", ColumnKind.Text, row => row.Condition),
        new("layer", ColumnKind.Text, row => NameOf(row.Layer)),
        new("weights", ColumnKind.Text, row => row.IsIncoming ? "incoming" : "outgoing"),
        new("mean", ColumnKind.Number, row => row.Mean.ToString("0.0", CultureInfo.InvariantCulture)),
        new("range", ColumnKind.Number, row => $"{NumberFormat.Count(row.Least)}–{NumberFormat.Count(row.Most)}"),
        new("none", ColumnKind.Number, row => row.Unconnected.ToString("0.#", CultureInfo.InvariantCulture)),
        new("spread", ColumnKind.Number, row => Number(row.Spread.Mean)),
    ];

    /// <summary>What the columns of the overlaps mean, a sentence each.</summary>
    public IEnumerable<string> OverlapNotes
    {
        get
        {
            yield return "Chance: what two random masks with the same counts in each layer are expected to have.";
            if (OverlapRows.Any(row => row is { Kind: OverlapKind.Seeds, All.Pairs: > 1 }))
                yield return "Parentheses: the pairs of seeds that overlap least and most; pairs share their runs, so there is no interval.";
            if (OverlapRows.Where(row => row.Kind != OverlapKind.Seeds).Select(row => row.All.Pairs).DefaultIfEmpty().Max() is > 0 and var most)
                yield return most == 1 ? "One pair of each: no interval can be given." : $"Brackets are pointwise 95 % intervals over {most} seeds.";
            if (comparison.Overlaps.Any(row => row is { Kind: OverlapKind.Levels, IsNested: true }))
                yield return "Masks of a condition's later levels are part of those of its earlier ones"
                    + $"{(OverlapRows.Any(row => row.Kind == OverlapKind.Levels) ? " where no row says otherwise" : "")}.";
            if (comparison.Limits.Length > 0) yield return comparison.Limits;
        }
    }

    /// <summary>What the columns of signs and distances mean, a sentence each.</summary>
    public IEnumerable<string> MovementNotes =>
    [
        "Kept, pruned: the weights that the mask keeps and prunes, in the training of the dense network (level 0) that it was pruned "
            + "from; retrained: the kept weights in the run's own training.",
        comparison.Movements.Max(Replicates) == 1 ? Labels.Brackets(1, 1)
            : $"Brackets are pointwise 95 % intervals over {Labels.Replicates(comparison.Movements.Min(Replicates), comparison.Movements.Max(Replicates))}.",
    ];

    /// <summary>What the columns of the connections mean, a sentence each.</summary>
    public IEnumerable<string> ConnectionNotes =>
    [
        "Incoming: of the units that the layer computes; outgoing: of those that it reads. None: units without a kept weight, per seed. "
            + "Spread: the standard deviation over the units ÷ that of a random mask with the layer's counts.",
        .. comparison.Connections.Length > ConnectionRows.Length ? ["Only the first two conditions are listed; `lottery runs compare --json` has all, and histograms of the units."] : (string[])[],
    ];

    /// <summary>A parameter's name without its last word, which all weights share.</summary>
    internal static string NameOf(string parameter) => parameter.EndsWith(".weight", StringComparison.Ordinal) ? parameter[..^7] : parameter;

    private static int Replicates(MovementRow row) => Math.Max(row.All.Own.Distance.Count, row.All.DenseKept.Distance.Count);

    private static string Pair(OverlapRow row) => row.Kind switch
    {
        OverlapKind.Seeds => $"{row.First}, other seeds",
        OverlapKind.Levels => $"{row.First}, level {row.SecondLevel}",
        _ => $"{row.First} / {row.Second}",
    };

    private static IReadOnlyList<TableColumn<MovementRow>> MovementColumns(Func<MovementEstimate, string> text) =>
    [
        new("density", ColumnKind.Number, row => NumberFormat.Density(row.Density)),
        new("condition", ColumnKind.Text, row => row.Condition),
        new("kept", ColumnKind.Whole, row => text(row.All.DenseKept)),
        new("pruned", ColumnKind.Whole, row => text(row.All.DensePruned)),
        new("retrained", ColumnKind.Whole, row => text(row.All.Own)),
    ];

    private static string Distance(Estimate estimate) => double.IsNaN(estimate.Low) ? Four(estimate.Mean) : $"{Four(estimate.Mean)} [{Four(estimate.Low)} {Four(estimate.High)}]";

    private static string Four(double value) => double.IsFinite(value) ? value.ToString("0.0000", CultureInfo.InvariantCulture) : Labels.Absent;

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : Labels.Absent;
}
