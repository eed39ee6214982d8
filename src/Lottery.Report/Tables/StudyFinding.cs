using Lottery.Report.Statistics;

namespace Lottery.Report.Tables;

/// <summary>The result of a study in one sentence, at its sparsest density, which the study file fixes before any data are seen.</summary>
internal static class StudyFinding
{
    /// <summary>The sentence about <paramref name="table"/>.</summary>
    public static string Describe(StudyTable table)
    {
        if (table.Rows.LastOrDefault(row => row.IsReference) is not { } reference)
            return "The reference cell has no runs yet, so nothing is compared.";
        StudyRow[] family = [.. table.Rows.Where(row => row.ReferenceDensity == reference.ReferenceDensity)];
        string where = reference.IsLearned ? "Of the learned supermasks,"
            : $"At {NumberFormat.Density(reference.Density)} of the weights, the sparsest density,";
        string standing = $"the reference ({reference.Name}) has {NumberFormat.Accuracy(reference.Accuracy, " %")}";
        StudyRow[] others = [.. family.Where(row => !row.IsReference)];
        if (others.Length == 0) return $"{where} {standing}; there is no other cell to compare it with.";
        StudyRow[] tested = [.. others.Where(row => !double.IsNaN(row.HolmP))];
        return tested.Length == 0
            ? $"{where} {standing}; no two replicates can be compared, so nothing is claimed over seeds."
            : $"{where} {standing}; {string.Join("; ", Verdicts(tested))} "
                + $"(paired by seed, 95 %, Holm over {NumberFormat.Counted(tested.Length, "comparison")}).";
    }

    private static IEnumerable<string> Verdicts(StudyRow[] tested)
    {
        foreach ((int verdict, string words) in ((int, string)[])[(1, "better"), (-1, "worse"), (0, "no difference shown")])
            if (tested.Where(row => row.Verdict == verdict).Select(Describe).ToArray() is { Length: > 0 } rows)
                yield return $"{words}: {string.Join(", ", rows)}";
    }

    private static string Describe(StudyRow row)
    {
        Estimate difference = row.Difference!.Estimate;
        return $"{row.Name} by {NumberFormat.Difference(difference, " points")}";
    }
}
