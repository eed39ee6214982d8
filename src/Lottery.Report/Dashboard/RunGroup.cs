using System.Collections.Immutable;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>Runs that have a page of charts and a finding: those of a study, or all others of a network on a data set.</summary>
/// <param name="Key">Its name in caches and addresses, as in <c>study=criteria</c>.</param>
/// <param name="Name">Its heading.</param>
/// <param name="Study">The study; null for runs that belong to none.</param>
/// <param name="Runs">The finished runs; at least one.</param>
/// <param name="Planned">The number of its runs, finished or not.</param>
internal sealed record RunGroup(string Key, string Name, string? Study, ImmutableArray<RunSummary> Runs, int Planned)
{
    /// <summary>The address of its charts.</summary>
    public string Address => "/charts?" + string.Join('&', Key.Split('&').Select(pair =>
        pair.Split('=', 2) is [string name, string value] ? $"{name}={Uri.EscapeDataString(value)}" : pair));

    /// <summary>When its last run ended.</summary>
    public DateTimeOffset Ended { get; } = Runs.Max(run => run.Ended);

    /// <summary>The failed and skipped runs of the store, of which some may belong to the group.</summary>
    public ImmutableArray<string> Lost { get; init; } = [];

    /// <summary>Changes when its runs do.</summary>
    public string Stamp => $"{Runs.Length} {Ended.UtcTicks} {Lost.Length}";

    /// <summary>The groups of a store: studies by name, then the others in the order of the list.</summary>
    public static IEnumerable<RunGroup> Of(StoreSnapshot now)
    {
        ImmutableArray<string> lost = [.. now.Failed.Select(run => run.Id)];
        foreach (StudyRuns study in now.Studies)
            if (study.Ids.Select(id => now.ById.GetValueOrDefault(id)).OfType<RunSummary>().ToImmutableArray() is { IsEmpty: false } runs)
                yield return new($"study={study.Name}", study.Name, study.Name, runs, study.Ids.Length) { Lost = lost };
        foreach (var kind in now.Runs.Where(run => run.Studies.IsEmpty).GroupBy(run => (run.Network, run.Data)))
            yield return new($"network={kind.Key.Network}&data={kind.Key.Data}", $"{kind.Key.Network} on {kind.Key.Data}", null, [.. kind], kind.Count()) { Lost = lost };
    }
}
