using System.Collections.Immutable;

namespace Lottery.Report.Tables;

/// <summary>
/// The result of masks on weights that were never trained (Zhou et al. 2019, section 5): the best of them, the reference and the
/// lowest, with each run at its own best density, as in the paper, and with the density chosen on validation images.
/// </summary>
internal static class SupermaskFinding
{
    private const int MostNamed = 3;

    /// <summary>The sentences.</summary>
    /// <param name="conditions">Every condition; none only while no pruned run is there.</param>
    /// <param name="table">The table that they are from, for the planned runs that it lacks; null for none.</param>
    public static string Describe(ImmutableArray<BestDensities> conditions, StudyTable? table = null)
    {
        string examples = table?.Settings.Examples ?? ExampleWord.Images;
        if (conditions.IsEmpty) return After("No mask was evaluated yet.");
        BestDensities[] ranked = [.. conditions.OrderByDescending(one => one.EachRun.Mean)];
        BestDensities[] named = [.. ranked.Take(MostNamed)];
        BestDensities? reference = ranked.Skip(MostNamed).FirstOrDefault(one => one.IsReference);
        string last = ranked.Length > MostNamed && reference != ranked[^1] ? $"; the lowest of {ranked.Length} is {Describe(ranked[^1])}" : "";
        string subject = ranked.Length == 1 ? "the accuracy is" : "the highest accuracies are";
        return After($"Without any training {subject} {string.Join(", ", named.Select(Describe))}"
            + (reference is null ? "" : $"; the reference, {Describe(reference)}") + last
            + $". First each run at its own best density, averaged over seeds, as in the paper: that density is chosen on the same test {examples}, so it is biased upwards. "
            + $"Then with the density chosen on validation {examples}.");

        string After(string finding) => table is null ? finding : StudyFinding.WithMissing(finding, table);
    }

    private static string Describe(BestDensities one) =>
        $"{NumberFormat.Accuracy(one.EachRun, " %")} and {(one.OnValidation is { } chosen ? NumberFormat.Accuracy(chosen, " %") : "–")} ({one.Name})";
}
