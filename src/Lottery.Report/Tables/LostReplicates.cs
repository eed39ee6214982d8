using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>
/// Which replicates the rows of a table lack because runs failed. A mean over those that did not fail is a mean over survivors,
/// and every text that states one says so.
/// </summary>
internal static class LostReplicates
{
    private const int MostNamed = 3;

    /// <summary>The table, each of its rows with the runs that it lacks; a row that lacks replicates that others have is not marked the best.</summary>
    /// <param name="table">The table.</param>
    /// <param name="missing">What it lacks.</param>
    /// <param name="key">Equal for runs of one condition, as <see cref="LostRun.Key"/>.</param>
    public static StudyTable Lacking(this StudyTable table, MissingRuns missing, Func<RunSummary, string> key)
    {
        if (missing.Lost.IsEmpty) return table with { Missing = missing };
        ILookup<(string, int), LostRun> lost = missing.Lost.ToLookup(run => (run.Key, run.Level));
        StudyRow[] rows = [.. table.Rows.Select(row => row with { Lost = [.. row.Runs.Select(key).Distinct().SelectMany(one => lost[(one, row.Level)])] })];
        // What did not fail may be what did better: its mean is not the best of the density.
        return table with
        {
            Missing = missing,
            Rows = [.. rows.GroupBy(row => row.ReferenceDensity ?? row.Density).SelectMany(family => Mark([.. family], table.Metric))],
        };
    }

    /// <summary>How many replicates the rows with lost runs have, in a sentence; empty if no run was lost.</summary>
    public static string Describe(StudyTable table)
    {
        if (table.Missing.Lost.IsEmpty) return "";
        string[] rows =
        [
            .. table.Rows.Where(row => !row.Lost.IsEmpty).GroupBy(row => (Name: Labels.Condition(table.Axes, row.Values), row.CountText))
                .Select(alike => $"{(alike.Key.Name.Length > 0 ? alike.Key.Name + ": " : "")}{alike.Key.CountText} at {Densities([.. alike])}"),
            .. table.Missing.Lost.Except(table.Rows.SelectMany(row => row.Lost)).GroupBy(run => (run.Condition, run.Level)).GroupBy(runs => (runs.Key.Condition, Seeds: runs.Select(run => run.Seed).Distinct().Count()))
                .Select(alike => $"{(alike.Key.Condition.Length > 0 ? alike.Key.Condition + ": " : "")}none of {alike.Key.Seeds} at {Levels([.. alike.Select(runs => runs.Key.Level)])}"),
        ];
        string more = rows.Length > MostNamed ? $"; and {NumberFormat.Count(rows.Length - MostNamed)} more" : "";
        return $"Means are over the replicates that did not fail ({string.Join("; ", rows.Take(MostNamed))}{more}), differences over the seeds that both sides have.";
    }

    /// <summary>What the numbers of replicates in a table are; empty if no run was lost.</summary>
    public static string Note(StudyTable table) => table.Missing.Lost.IsEmpty ? ""
        : "n: of the planned replicates those that did not fail; a mean is over them, a difference over the seeds that both sides have.";

    private static IEnumerable<StudyRow> Mark(StudyRow[] family, Metric metric)
    {
        bool areAlike = family.All(row => row.LostSeeds.SequenceEqual(family[0].LostSeeds));
        StudyRow[] whole = areAlike ? family : [.. family.Where(row => row.Lost.IsEmpty)];
        StudyRow? best = family.Length > 1 && whole.Length > 0 ? whole.MaxBy(row => metric.Direction * row.Value.Mean) : null;
        return family.Select(row => row with { IsBest = ReferenceEquals(row, best) });
    }

    private static string Densities(IReadOnlyCollection<StudyRow> rows) => rows.Count <= MostNamed ? string.Join(", ", rows.Select(row => NumberFormat.Density(row.ListedDensity)))
        : $"{rows.Count} densities from {NumberFormat.Density(rows.First().ListedDensity)} to {NumberFormat.Density(rows.Last().ListedDensity)}";

    private static string Levels(int[] levels) => levels.Length == 1 ? $"level {levels[0]}" : $"levels {levels.Min()} to {levels.Max()}";
}
