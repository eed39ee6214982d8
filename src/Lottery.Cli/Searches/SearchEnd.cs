using System.Text.Json.Nodes;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Cli.Searches;

/// <summary>Where a search ended that goes on as long as its tickets are as good as the dense networks.</summary>
/// <param name="Smallest">The sparsest level that is as good as the dense networks, as all before it are; null for none.</param>
/// <param name="Worse">The first level that is not; null if the search reached its last level before.</param>
internal sealed record SearchEnd(StudyRow? Smallest, StudyRow? Worse)
{
    /// <summary>
    /// The end of a search as far as <paramref name="table"/> goes; null if it goes on. The levels are tested in their order, each
    /// only if all before it were as good: of such a fixed sequence no p-value has to be corrected.
    /// </summary>
    /// <param name="table">The levels so far.</param>
    /// <param name="isLast">Whether there is no level after these.</param>
    public static SearchEnd? Of(StudyTable table, bool isLast)
    {
        StudyRow[] pruned = [.. table.Rows.Where(row => row is { Level: > 0, IsReference: true, AgainstDense: not null })];
        int good = pruned.TakeWhile(row => NonInferiority.Test([row.AgainstDense!.Value], row.AgainstDense.Margin)[0].Holds).Count();
        return good == pruned.Length && !isLast ? null : new(good == 0 ? null : pruned[good - 1], good == pruned.Length ? null : pruned[good]);
    }

    /// <summary>The end in a sentence.</summary>
    public string Describe()
    {
        string terms = $"at most {StudyColumns.Margins(new[] { Smallest, Worse }.OfType<StudyRow>())} lower, 95 %, level after level";
        string ticket = Smallest is null ? "" : $"The smallest ticket that is as good as the dense network ({terms}) has {NumberFormat.Density(Smallest.Density)} of the weights "
            + $"(level {Smallest.Level}), {NumberFormat.Accuracy(Smallest.Value, " %")}";
        return (Smallest, Worse) switch
        {
            (not null, null) => $"{ticket}; no level was worse, so that more levels may find a smaller one.",
            (not null, { } worse) => $"{ticket}; {NotShown(worse)}.",
            (null, { } worse) => $"No level is shown to be as good as the dense network ({terms}): {NotShown(worse)}.",
            _ => "No level was pruned.",
        };
    }

    /// <summary>The same for programs.</summary>
    public JsonObject Json() => new()
    {
        ["smallest"] = Smallest is { } row ? new JsonObject { ["level"] = row.Level, ["density"] = row.Density, ["run"] = row.Runs[0].Id } : null,
        ["worse"] = Worse is { } worse ? new JsonObject { ["level"] = worse.Level, ["density"] = worse.Density } : null,
    };

    private static string NotShown(StudyRow row) => $"at {NumberFormat.Density(row.Density)} (level {row.Level}) this is not shown: "
        + $"the difference is {NumberFormat.Difference(row.AgainstDense!.Value.Estimate, " points")}";
}
