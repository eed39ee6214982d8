using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Studies.Files;

namespace Lottery.Report.Tables;

/// <summary>Everything that the finding of a table may state, read from the rows above it.</summary>
internal sealed record StudyFacts
{
    /// <summary>The table.</summary>
    public required StudyTable Table { get; init; }

    /// <summary>The conditions that were compared with the networks of level 0 over two seeds or more, the reference first.</summary>
    public required ImmutableArray<DenseFacts> AgainstDense { get; init; }

    /// <summary>The row of the reference at the density at which conditions are compared; null if there is none.</summary>
    public required StudyRow? Judged { get; init; }

    /// <summary>Why they are compared there.</summary>
    public required JudgedBy By { get; init; }

    /// <summary>The reference there, by name and value of what distinguishes it.</summary>
    public required string Reference { get; init; }

    /// <summary>The conditions whose difference from the reference was tested there, in the order of the table.</summary>
    public required ImmutableArray<ComparedCondition> Compared { get; init; }

    /// <summary>The number of conditions there with fewer than two seeds in common with the reference.</summary>
    public required int Untested { get; init; }

    /// <summary>The facts about the reference; null if it was not compared with the networks of level 0.</summary>
    public DenseFacts? ReferenceAgainstDense => AgainstDense.FirstOrDefault(one => one.IsReference);

    /// <summary>The row of the networks of level 0; null if the table has none, or several.</summary>
    public StudyRow? Root => Table.Rows.Where(row => row is { IsRoot: true, IsLearned: false }).ToArray() is [var root] ? root : null;

    /// <summary>The facts of a table.</summary>
    /// <param name="table">The table; at least one row.</param>
    public static StudyFacts Of(StudyTable table)
    {
        (StudyRow? judged, JudgedBy by) = Judge(table);
        StudyRow[] others = judged is null ? [] : [.. Family(table, judged).Where(row => !row.IsReference)];
        // Names have only what differs at this density.
        StudyTable there = judged is null ? table : table.Only([judged, .. others]);
        ImmutableArray<ComparedCondition> compared = judged is null ? [] :
        [
            .. there.Rows.Where(row => row.Corrected is not null)
                .Select(row => new ComparedCondition(there.NameOf(row), row.Corrected!, row.Verdict)),
        ];
        string name = there.ReferenceName is { Length: > 0 } given ? given : judged is null ? table.ReferenceName : there.NameOf(there.Rows[0]);
        return new()
        {
            Table = table, AgainstDense = [.. Dense(table)], Judged = judged, By = by, Reference = name,
            Compared = compared, Untested = others.Length - compared.Length,
        };
    }

    /// <summary>
    /// The density at which conditions are compared: the one that is stated; else the sparsest at which the reference is as good as
    /// the networks of level 0; else the densest pruned one. Where other conditions were run, it has one to compare.
    /// </summary>
    private static (StudyRow? Row, JudgedBy By) Judge(StudyTable table)
    {
        StudyRow[] references = [.. table.Rows.Where(row => row.IsReference)];
        if (table.Settings.JudgeAt?.Density is { } stated && !references.Any(row => row.IsLearned))
            return (references.FirstOrDefault(row => Study.IsSame(row.Density, stated)), JudgedBy.Stated);
        StudyRow[] pruned = [.. references.Where(row => row is { IsRoot: false } or { IsLearned: true })];
        StudyRow[] all = pruned.Length > 0 ? pruned : references;
        StudyRow[] compared = [.. all.Where(row => Family(table, row).Length > 1)];
        StudyRow[] candidates = compared.Length > 0 ? compared : all;
        return candidates.LastOrDefault(row => row.AgainstDense?.AsGood?.Holds == true) is { } sparsest ? (sparsest, JudgedBy.AsGood)
            : (candidates.FirstOrDefault(), pruned.Length > 0 ? JudgedBy.Densest : JudgedBy.Unpruned);
    }

    private static IEnumerable<DenseFacts> Dense(StudyTable table) => table.Conditions
        .Select(one => new DenseFacts(
            Labels.Condition(table.Axes, one.Values), one.Values.SequenceEqual(table.Reference), [.. table.RowsOf(one).Where(row => row.AgainstDense is { IsTested: true })]))
        .Where(one => one.Tested.Length > 0);

    private static StudyRow[] Family(StudyTable table, StudyRow reference) =>
        [.. table.Rows.Where(row => row.ReferenceDensity == reference.ReferenceDensity && row.IsLearned == reference.IsLearned)];
}

/// <summary>A condition against the networks of level 0.</summary>
/// <param name="Name">The condition, by name and value of what distinguishes it; empty if nothing does.</param>
/// <param name="IsReference">Whether it is the reference.</param>
/// <param name="Tested">Its rows that were tested, densest first; at least one.</param>
internal sealed record DenseFacts(string Name, bool IsReference, ImmutableArray<StudyRow> Tested)
{
    /// <summary>The sparsest row that is as good; null if none is shown to be.</summary>
    public StudyRow? Sparsest => Tested.LastOrDefault(row => row.AgainstDense!.AsGood?.Holds == true);

    /// <summary>The row that comes nearest to being as good.</summary>
    public StudyRow Nearest => Tested.MaxBy(row => row.AgainstDense!.AsGood?.Low ?? row.AgainstDense.Value.Estimate.Low)!;

    /// <summary>The denser rows than <see cref="Sparsest"/> at which it is not shown to be as good.</summary>
    public ImmutableArray<StudyRow> Gaps => Sparsest is not { } sparsest ? [] : [.. Tested.TakeWhile(row => row != sparsest).Where(row => !row.AgainstDense!.AsGood!.Holds)];
}

/// <summary>Why conditions are compared at a density.</summary>
internal enum JudgedBy
{
    /// <summary>The study or the command states it.</summary>
    Stated,

    /// <summary>It is the sparsest at which the reference is as good as the networks of level 0.</summary>
    AsGood,

    /// <summary>The reference is not shown to be as good at any: it is the densest pruned one.</summary>
    Densest,

    /// <summary>Nothing was pruned.</summary>
    Unpruned,
}

/// <summary>A condition beside the reference.</summary>
/// <param name="Name">The condition, by name and value of what distinguishes it.</param>
/// <param name="Difference">Its metric − that of the reference, with the interval that Holm's procedure gives.</param>
/// <param name="Verdict">1 if it is shown to be better, −1 if worse, 0 if neither is shown.</param>
internal sealed record ComparedCondition(string Name, Estimate Difference, int Verdict);
