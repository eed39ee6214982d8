using Lottery.Report.Statistics;

namespace Lottery.Report.Tables;

/// <summary>What a study found at its sparsest density, which its file fixes before any data are seen.</summary>
public static class StudyFinding
{
    /// <summary>The sentence on <paramref name="table"/>.</summary>
    public static string Of(StudyTable table)
    {
        if (table.Rows.LastOrDefault(row => row.IsReference) is not { } reference)
            return "The reference cell has no runs yet, so nothing is compared.";
        StudyRow[] family = [.. table.Rows.Where(row => row.Standard == reference.Standard)];
        string where = reference.IsLearned ? "Of the learned supermasks,"
            : $"At {NumberFormat.Density(reference.Density)} of the weights, the sparsest density,";
        string standing = $"the reference ({reference.Name}) has {NumberFormat.Accuracy(reference.Accuracy, " %")}";
        StudyRow[] others = [.. family.Where(row => !row.IsReference)];
        if (others.Length == 0) return $"{where} {standing}; there is no other cell to compare it with.";
        StudyRow[] tested = [.. others.Where(row => !double.IsNaN(row.HolmP))];
        return tested.Length == 0
            ? $"{where} {standing}; no two replicates can be compared, so nothing is claimed over seeds."
            : $"{where} {standing}; {string.Join("; ", Verdicts(tested))} "
                + $"(paired by seed, 95 %, Holm over {tested.Length} {(tested.Length == 1 ? "comparison" : "comparisons")}).";
    }

    private static IEnumerable<string> Verdicts(StudyRow[] tested)
    {
        StudyRow[] better = Those(1), worse = Those(-1), unsure = Those(0);
        if (better.Length > 0) yield return $"better: {string.Join(", ", better.Select(Told))}";
        if (worse.Length > 0) yield return $"worse: {string.Join(", ", worse.Select(Told))}";
        if (unsure.Length > 0) yield return $"not told apart from it: {string.Join(", ", unsure.Select(Told))}";

        StudyRow[] Those(int verdict) => [.. tested.Where(row => row.Verdict == verdict)];
    }

    private static string Told(StudyRow row)
    {
        Estimate difference = row.Difference!.Estimate;
        return $"{row.Name} by {NumberFormat.Difference(difference, " points")}";
    }
}
