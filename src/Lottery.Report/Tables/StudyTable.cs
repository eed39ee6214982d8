using System.Collections.Immutable;
using Lottery.Report.Statistics;

namespace Lottery.Report.Tables;

/// <summary>A study in numbers: a row for each cell and density, held against the reference cell at the same density.</summary>
/// <param name="Axes">What varies.</param>
/// <param name="Rows">Densest first, then in the order of the cells.</param>
/// <param name="Reference">The values of the cell that others are compared with.</param>
/// <param name="TestImages">The size of the test set; 0 where it is not known.</param>
public sealed record StudyTable(
    ImmutableArray<string> Axes, ImmutableArray<StudyRow> Rows, ImmutableArray<string> Reference, int TestImages)
{
    /// <summary>What the table calls the axis of tickets and controls.</summary>
    public const string Control = "control";

    /// <summary>Two cells are at the same density if these differ by no more than this share.</summary>
    private const double SameDensity = 0.01;

    /// <summary>The most replicates that any row has.</summary>
    public int Replicates => Rows.Max(row => row.Accuracy.Count);

    /// <summary>The table of some cells.</summary>
    /// <param name="axes">What varies.</param>
    /// <param name="groups">The cells; those without runs are left out.</param>
    /// <param name="reference">The one that others are compared with.</param>
    /// <param name="testImages">The size of the test set; 0 where it is not known.</param>
    public static StudyTable Of(
        ImmutableArray<string> axes, IReadOnlyList<StudyGroup> groups, StudyGroup reference, int testImages)
    {
        StudyRow[] rows = [.. RowsOf(groups, testImages)];
        StudyRow[] standards = [.. RowsOf([reference], testImages)];
        StudyRow[] compared = [.. rows.Select(row => Compare(row, standards))];
        var families = compared.GroupBy(row => row.Standard ?? row.Density)
            .OrderByDescending(family => family.Key).SelectMany(family => Judge([.. family]));
        return new(axes, [.. families], reference.Values, testImages);
    }

    /// <summary>Cells that share all runs of a level share its row: the dense networks of all criteria.</summary>
    private static IEnumerable<StudyRow> RowsOf(IEnumerable<StudyGroup> groups, int testImages) =>
        from cell in groups.SelectMany(one => one.Runs.GroupBy(run => run.Outcome.Level)
            .Select(level => (one.Values, Runs: level.ToArray())))
        group cell by string.Join(' ', cell.Runs.Select(run => run.Id)) into same
        let runs = same.First().Runs.Select(run => run.Outcome).ToArray()
        select new StudyRow(same.Key, Common([.. same.Select(cell => cell.Values)]), runs,
            SearchTable.AccuracyOf(runs, testImages), Estimate.FromValues([.. runs.Select(run => (double)run.EarlyStopStep)]));

    private static ImmutableArray<string?> Common(ImmutableArray<string>[] values) =>
        [.. values[0].Select((value, axis) => values.All(other => other[axis] == value) ? value : null)];

    private static StudyRow Compare(StudyRow row, StudyRow[] standards)
    {
        StudyRow? standard = standards.Where(other => IsComparable(row, other))
            .MinBy(other => Math.Abs(other.Density - row.Density));
        if (standard is null) return row;
        bool same = row.Ids == standard.Ids;
        return row with
        {
            Standard = standard.Density, IsReference = same,
            Difference = same ? null : SearchTable.Difference(row.Runs, standard.Runs),
        };
    }

    /// <summary>Rows of one density; learned masks are compared whatever they keep, since nobody chose that.</summary>
    private static bool IsComparable(StudyRow row, StudyRow other) => row.IsLearned || other.IsLearned
        ? row.IsLearned && other.IsLearned
        : Math.Abs(other.Density / row.Density - 1) <= SameDensity;

    /// <summary>Corrects the tests of one density for one another, and marks its best row.</summary>
    private static IEnumerable<StudyRow> Judge(StudyRow[] family)
    {
        int[] tested = [.. Enumerable.Range(0, family.Length).Where(i => family[i].Difference is { Estimate.Count: >= 2 })];
        double[] p = Holm.Adjust([.. tested.Select(i => family[i].Difference!.P)]);
        StudyRow? best = family.Length > 1 ? family.MaxBy(row => row.Accuracy.Mean) : null;
        return family.Select((row, i) => row with
        {
            IsBest = ReferenceEquals(row, best),
            HolmP = Array.IndexOf(tested, i) is >= 0 and int k ? p[k] : double.NaN,
        });
    }
}

/// <summary>The finished runs of one side of a cell.</summary>
/// <param name="Values">Its values, one an axis.</param>
/// <param name="Runs">Its runs of all levels and seeds, with their ids.</param>
public sealed record StudyGroup(ImmutableArray<string> Values, ImmutableArray<(string Id, Outcome Outcome)> Runs);

/// <summary>One cell at one density.</summary>
/// <param name="Ids">The ids of its runs: equal ones are one row.</param>
/// <param name="Values">Its values, one an axis; null where it stands for several.</param>
/// <param name="Runs">The replicates.</param>
/// <param name="Accuracy">Test accuracy at the early-stopping step, 0–1.</param>
/// <param name="EarlyStop">The early-stopping step.</param>
public sealed record StudyRow(
    string Ids, ImmutableArray<string?> Values, Outcome[] Runs, Estimate Accuracy, Estimate EarlyStop)
{
    /// <summary>0 is dense.</summary>
    public int Level => Runs[0].Level;

    /// <summary>Kept ÷ all prunable weights, 0–1.</summary>
    public double Density { get; } = Outcome.MeanDensity(Runs);

    /// <summary>Whether its masks were learned on weights that never moved.</summary>
    public bool IsLearned => Runs[0].Supermask is not null;

    /// <summary>The density of the reference cell's row that it is held against; null without one.</summary>
    public double? Standard { get; init; }

    /// <summary>Whether it is the reference cell's own row.</summary>
    public bool IsReference { get; init; }

    /// <summary>Accuracy of this row − the reference's, paired by seed; null without one.</summary>
    public PairedDifference? Difference { get; init; }

    /// <summary>The two-sided p-value of "no difference" after Holm's correction over the rows of this density.</summary>
    public double HolmP { get; init; } = double.NaN;

    /// <summary>Whether its mean is the highest at its density.</summary>
    public bool IsBest { get; init; }

    /// <summary>What it is called in a sentence.</summary>
    public string Name => string.Join(", ", Values.OfType<string>()) is { Length: > 0 } name ? name : "all";

    /// <summary>Whether it is shown to be better or worse than the reference (5 %, Holm): 1 or −1; 0 where neither is.</summary>
    public int Verdict =>
        Difference is { } difference && HolmP <= 1 - Estimate.Confidence ? Math.Sign(difference.Estimate.Mean) : 0;
}
