using System.Collections.Immutable;
using Lottery.Report.Statistics;

namespace Lottery.Report.Tables;

/// <summary>Everything that the finding of a comparison may state, read from the table above it.</summary>
/// <param name="IsLearned">Whether learned supermasks were compared.</param>
/// <param name="Density">The density at which conditions are compared, 0–1; learned masks have their own.</param>
/// <param name="IsSparsest">Whether the table has no smaller density.</param>
/// <param name="Reference">The reference, by name and value of what distinguishes it.</param>
/// <param name="Accuracy">Its accuracy there; null if it has no runs.</param>
/// <param name="Compared">The conditions whose difference from the reference was tested, in the order of the table.</param>
/// <param name="Untested">The number of conditions with fewer than two seeds in common with the reference.</param>
/// <param name="Missing">The planned runs that the table lacks.</param>
internal sealed record StudyFacts(
    bool IsLearned, double Density, bool IsSparsest, string Reference, Estimate? Accuracy,
    ImmutableArray<ComparedCondition> Compared, int Untested, MissingRuns Missing)
{
    /// <summary>The facts of a table.</summary>
    /// <param name="table">The table; at least one row.</param>
    /// <param name="missing">The planned runs that it lacks.</param>
    public static StudyFacts Of(StudyTable table, MissingRuns missing)
    {
        // The sparsest density at which anything can be compared; a reference with fewer levels than others ends earlier.
        StudyRow[] references = [.. table.Rows.Where(row => row.IsReference)];
        StudyRow? reference = references.LastOrDefault(row => Family(table, row).Length > 1) ?? references.LastOrDefault();
        if (reference is null) return new(false, 0, false, table.ReferenceName, null, [], 0, missing);
        StudyRow[] others = [.. Family(table, reference).Where(row => !row.IsReference)];
        // Names have only what differs at this density.
        StudyTable there = table.Only([reference, .. others]);
        ImmutableArray<ComparedCondition> compared =
        [
            .. there.Rows.Where(row => row.Corrected is not null)
                .Select(row => new ComparedCondition(there.NameOf(row), row.Corrected!, row.Verdict)),
        ];
        string name = there.ReferenceName is { Length: > 0 } given ? given : there.NameOf(there.Rows[0]);
        return new(reference.IsLearned, reference.Density, reference.Density <= table.Rows.Min(row => row.Density) * (1 + StudyTable.SameDensity),
            name, reference.Accuracy, compared, others.Length - compared.Length, missing);
    }

    private static StudyRow[] Family(StudyTable table, StudyRow reference) =>
        [.. table.Rows.Where(row => row.ReferenceDensity == reference.ReferenceDensity && row.IsLearned == reference.IsLearned)];
}

/// <summary>A condition beside the reference.</summary>
/// <param name="Name">The condition, by name and value of what distinguishes it.</param>
/// <param name="Difference">Its accuracy − that of the reference, with the interval that Holm's procedure gives.</param>
/// <param name="Verdict">1 if it is shown to be better, −1 if worse, 0 if neither is shown.</param>
internal sealed record ComparedCondition(string Name, Estimate Difference, int Verdict);

/// <summary>The result of a comparison in a sentence that states its uncertainty and what is missing.</summary>
internal static class StudyFinding
{
    private const int MostNamed = 4;

    /// <summary>The sentence about <paramref name="table"/>.</summary>
    /// <param name="table">The table; at least one row.</param>
    /// <param name="missing">The planned runs that it lacks; null for none.</param>
    public static string Describe(StudyTable table, MissingRuns? missing = null) => Describe(StudyFacts.Of(table, missing ?? MissingRuns.None));

    /// <summary>The facts in words.</summary>
    public static string Describe(StudyFacts facts) => facts.Missing.After(Compare(facts));

    private static string Compare(StudyFacts facts)
    {
        if (facts.Accuracy is not { } accuracy) return $"The reference ({facts.Reference}) has no runs, so nothing is compared.";
        string where = facts.IsLearned ? "Of the learned supermasks,"
            : $"At {NumberFormat.Density(facts.Density)} of the weights{(facts.IsSparsest ? ", the sparsest density," : ", the sparsest density that can be compared,")}";
        string standing = $"the reference ({facts.Reference}) has {NumberFormat.Accuracy(accuracy, " %")}";
        if (facts.Compared.IsEmpty)
            return facts.Untested == 0 ? $"{where} {standing}; there is no other condition to compare it with."
                : $"{where} {standing}; no two replicates can be compared, so nothing is claimed over seeds.";
        string untested = facts.Untested == 0 ? "" : $"; not tested: {NumberFormat.Counted(facts.Untested, "condition")} without two seeds in common";
        return $"{where} {standing}; {string.Join("; ", Verdicts(facts.Compared))}{untested} "
            + $"(paired by {Seeds(facts.Compared)}, 95 %, verdicts and intervals corrected by Holm over {NumberFormat.Counted(facts.Compared.Length, "comparison")}).";
    }

    private static string Seeds(ImmutableArray<ComparedCondition> compared)
    {
        int least = compared.Min(one => one.Difference.Count), most = compared.Max(one => one.Difference.Count);
        return least == most ? NumberFormat.Counted(most, "seed") : $"{least} to {most} seeds";
    }

    private static IEnumerable<string> Verdicts(ImmutableArray<ComparedCondition> compared)
    {
        foreach ((int verdict, string words) in ((int, string)[])[(1, "better"), (-1, "worse"), (0, "no difference shown")])
        {
            ComparedCondition[] rows = [.. compared.Where(one => one.Verdict == verdict).OrderByDescending(one => verdict == 0 ? 0 : Math.Abs(one.Difference.Mean))];
            if (rows.Length == 0) continue;
            string more = rows.Length > MostNamed ? $", and {rows.Length - MostNamed} more" : "";
            yield return $"{words}: {string.Join(", ", rows.Take(MostNamed).Select(Describe))}{more}";
        }
    }

    private static string Describe(ComparedCondition one) => $"{one.Name} by {NumberFormat.Difference(one.Difference, " points")}";
}
