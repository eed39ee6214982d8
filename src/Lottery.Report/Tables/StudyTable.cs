using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>
/// The results of several conditions: a row per condition and density, compared with the reference at the same density.
/// </summary>
/// <param name="Axes">The settings that vary between conditions.</param>
/// <param name="Rows">Densest first; rows of one density in the order of the conditions.</param>
/// <param name="Reference">The values of the condition that others are compared with, one per axis.</param>
/// <param name="TestImages">Images in the test set; 0 if not known.</param>
internal sealed record StudyTable(
    ImmutableArray<RunField> Axes, ImmutableArray<StudyRow> Rows, ImmutableArray<string> Reference, int TestImages)
{
    /// <summary>The name of the axis whose values are the ticket and its controls.</summary>
    public const string ControlAxis = "control";

    /// <summary>Two rows are at the same density if their densities differ by at most this fraction of it.</summary>
    public const double SameDensity = 0.01;

    /// <summary>The most replicates that any row has.</summary>
    public int Replicates => Rows.Max(row => row.Accuracy.Count);

    /// <summary>The fewest replicates that any row has.</summary>
    public int FewestReplicates => Rows.Min(row => row.Accuracy.Count);

    /// <summary>The reference in sentences, by name and value of what distinguishes it; empty if nothing does.</summary>
    public string ReferenceName => Labels.Condition(Axes, Reference);

    /// <summary>The columns of the table when it is printed.</summary>
    internal IReadOnlyList<TableColumn<StudyRow>> Columns =>
    [
        new("density", ColumnKind.Number, row => NumberFormat.Density(row.ListedDensity)),
        .. Axes.Select((axis, i) => new TableColumn<StudyRow>(axis.Label, ColumnKind.Text, row => row.Values[i] ?? Labels.Absent)),
        .. FewestReplicates == Replicates ? Array.Empty<TableColumn<StudyRow>>()
            : [new TableColumn<StudyRow>("n", ColumnKind.Number, row => NumberFormat.Count(row.Accuracy.Count))],
        new("accuracy", ColumnKind.Whole, row => $"{(row.IsBest ? '*' : ' ')} {NumberFormat.Accuracy(row.Accuracy)}"),
        new(Labels.EarlyStop, ColumnKind.Number, row => NumberFormat.Count(row.EarlyStop.Mean)) { IsSecondary = true },
        new("− reference", ColumnKind.Whole, row => row.IsReference ? "reference"
            : row.Difference is { } difference ? NumberFormat.Difference(difference.Estimate) : ""),
        new("p", ColumnKind.Number, row => NumberFormat.Probability(row.HolmP)),
    ];

    /// <summary>What the marks and brackets of the table mean, a sentence each.</summary>
    internal IEnumerable<string> Notes
    {
        get
        {
            yield return $"* the highest mean of its density; reference: {(ReferenceName is { Length: > 0 } name ? name : "the only condition")}.";
            if (Rows.Any(row => row.IsLearned))
                yield return "Learned supermasks: accuracy is the mean of ten sampled masks, density is that of the thresholded mask.";
            yield return Labels.Brackets(FewestReplicates, Replicates, TestImages);
            if (Replicates > 1) yield return "p is corrected by Holm's procedure over the rows of a density.";
        }
    }

    /// <summary>What the condition of a row is called in a sentence.</summary>
    public string NameOf(StudyRow row) => Labels.Condition(Axes, row.Values) is { Length: > 0 } name ? name
        : row.Runs[0].Specification.IsDense && !row.IsLearned ? "the dense network" : row.Level == 0 && !row.IsLearned ? "the initial mask" : "the only condition";

    /// <summary>Some of its rows, with the axes on which they differ.</summary>
    public StudyTable Only(ImmutableArray<StudyRow> rows)
    {
        int[] differing = [.. Enumerable.Range(0, Axes.Length).Where(axis => rows.Select(row => row.Values[axis]).OfType<string>().Distinct().Skip(1).Any())];
        return new(
            [.. differing.Select(axis => Axes[axis])], [.. rows.Select(row => row with { Values = [.. differing.Select(axis => row.Values[axis])] })],
            [.. differing.Select(axis => Reference[axis])], TestImages);
    }

    /// <summary>Aggregates the runs of conditions and compares them with the reference.</summary>
    /// <param name="axes">The settings that vary.</param>
    /// <param name="groups">The conditions; those without runs are left out.</param>
    /// <param name="reference">The condition that others are compared with.</param>
    /// <param name="testImages">Images in the test set; 0 if not known.</param>
    public static StudyTable Create(
        ImmutableArray<RunField> axes, IReadOnlyList<StudyGroup> groups, StudyGroup reference, int testImages)
    {
        // An interval over test images beside intervals over seeds would look like one of them.
        if (groups.SelectMany(group => group.Runs.GroupBy(run => run.Level)).Any(level => level.Skip(1).Any())) testImages = 0;
        StudyRow[] rows = [.. CreateRows(groups, testImages)];
        StudyRow[] references = [.. CreateRows([reference], testImages)];
        var families = rows.Select(row => Compare(row, references)).GroupBy(row => row.ReferenceDensity ?? row.Density)
            .OrderByDescending(family => family.Key).SelectMany(family => Judge([.. family]));
        return new(axes, [.. families], reference.Values, testImages);
    }

    /// <summary>Conditions that share all runs of a level share its row, as the dense networks of all criteria do.</summary>
    private static IEnumerable<StudyRow> CreateRows(IEnumerable<StudyGroup> groups, int testImages) =>
        from cell in groups.SelectMany(one => one.Runs.GroupBy(run => run.Level)
            .Select(level => (one.Values, Runs: level.ToArray())))
        group cell by string.Join(' ', cell.Runs.Select(run => run.Id)) into same
        let runs = same.First().Runs
        select new StudyRow(same.Key, Common([.. same.Select(cell => cell.Values)]), runs,
            SearchTable.Accuracy(runs, testImages), SearchTable.EarlyStop(runs));

    private static ImmutableArray<string?> Common(ImmutableArray<string>[] values) =>
        [.. values[0].Select((value, axis) => values.All(other => other[axis] == value) ? value : null)];

    private static StudyRow Compare(StudyRow row, StudyRow[] references)
    {
        StudyRow? reference = references.Where(other => IsComparable(row, other))
            .MinBy(other => Math.Abs(other.Density - row.Density));
        if (reference is null) return row;
        bool same = row.Ids == reference.Ids;
        return row with
        {
            ReferenceDensity = reference.Density, IsReference = same,
            Difference = same ? null : SearchTable.Difference(row.Runs, reference.Runs),
        };
    }

    /// <summary>Rows of one density; learned masks are compared whatever they keep, because their density is not chosen.</summary>
    private static bool IsComparable(StudyRow row, StudyRow other) => row.IsLearned || other.IsLearned
        ? row.IsLearned && other.IsLearned
        : Math.Abs(other.Density / row.Density - 1) <= SameDensity;

    /// <summary>Corrects the p-values of one density for each other, and marks its best row.</summary>
    private static IEnumerable<StudyRow> Judge(StudyRow[] family)
    {
        int[] tested = [.. Enumerable.Range(0, family.Length).Where(i => family[i].Difference is { Estimate.Count: >= 2, P: not double.NaN })];
        double[] raw = [.. tested.Select(i => family[i].Difference!.P)];
        IReadOnlyList<double> p = Holm.Adjust(raw), rates = Holm.Rates(raw, 1 - Estimate.Confidence);
        StudyRow? best = family.Length > 1 ? family.MaxBy(row => row.Accuracy.Mean) : null;
        return family.Select((row, i) => Array.IndexOf(tested, i) is >= 0 and int k
            ? row with { IsBest = ReferenceEquals(row, best), HolmP = p[k], Corrected = row.Difference!.IntervalAt(rates[k] / 2) }
            : row with { IsBest = ReferenceEquals(row, best) });
    }
}

/// <summary>The finished runs of a condition.</summary>
/// <param name="Values">Its values, one per axis.</param>
/// <param name="Runs">Its runs of all levels and seeds.</param>
internal sealed record StudyGroup(ImmutableArray<string> Values, ImmutableArray<RunSummary> Runs);

/// <summary>One condition at one density.</summary>
/// <param name="Ids">The ids of its runs; conditions with equal ids share one row.</param>
/// <param name="Values">Its values, one per axis; null where the row stands for several conditions with different values.</param>
/// <param name="Runs">The replicates; at least one.</param>
/// <param name="Accuracy">Test accuracy at the early-stopping step, 0–1.</param>
/// <param name="EarlyStop">The early-stopping step.</param>
internal sealed record StudyRow(
    string Ids, ImmutableArray<string?> Values, IReadOnlyList<RunSummary> Runs, Estimate Accuracy, Estimate EarlyStop)
{
    /// <summary>The level; 0 is the dense network, or the initial mask.</summary>
    public int Level => Runs[0].Level;

    /// <summary>Kept ÷ prunable weights, 0–1.</summary>
    public double Density { get; } = SearchTable.MeanDensity(Runs);

    /// <summary>True if its masks were learned on weights that are never trained (a supermask).</summary>
    public bool IsLearned => Runs[0].Supermask is not null;

    /// <summary>The density of the reference row that it is compared with; null if there is none.</summary>
    public double? ReferenceDensity { get; init; }

    /// <summary>True if it is the reference's own row.</summary>
    public bool IsReference { get; init; }

    /// <summary>Accuracy of this row − that of the reference, paired by seed; null without a reference row.</summary>
    public PairedDifference? Difference { get; init; }

    /// <summary>Two-sided p-value of "no difference" after Holm's correction over the rows of this density; NaN if untested.</summary>
    public double HolmP { get; init; } = double.NaN;

    /// <summary>
    /// <see cref="Difference"/> with the interval that Holm's procedure gives over the rows of this density: it excludes 0
    /// exactly where a difference is shown. Null if untested.
    /// </summary>
    public Estimate? Corrected { get; init; }

    /// <summary>True if its mean is the highest of its density.</summary>
    public bool IsBest { get; init; }

    /// <summary>1 if it is shown to be better than the reference (5 %, Holm), −1 if worse, 0 if neither is shown.</summary>
    public int Verdict =>
        Difference is { } difference && HolmP <= 1 - Estimate.Confidence ? Math.Sign(difference.Estimate.Mean) : 0;

    /// <summary>The density under which the row is listed: the reference's, and a learned mask's own.</summary>
    internal double ListedDensity => IsLearned ? Density : ReferenceDensity ?? Density;
}
