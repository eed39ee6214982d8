using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>What the runs of a group show.</summary>
/// <param name="Group">The runs.</param>
/// <param name="Sentences">A sentence for each section of the group, with the section's name; null while it is being computed.</param>
internal sealed record GroupFinding(RunGroup Group, ImmutableArray<(string Section, string Sentence)>? Sentences);

/// <summary>
/// The findings of the studies and searches of a store, computed again when their runs change. Those of many runs are computed
/// in the background, so that no page waits for them. Thread-safe.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="computed">Called when a finding was computed in the background.</param>
internal sealed class Findings(RunStore store, Action computed)
{
    /// <summary>The findings of at most so many runs are computed at once.</summary>
    private const int FewRuns = 200;

    /// <summary>After computing in the background, the next time waits this many times as long as it took: 5 % of the time.</summary>
    private const int Interval = 20;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Dictionary<string, (string Stamp, ImmutableArray<(string, string)> Sentences)> _known = [];
    private Task _computing = Task.CompletedTask;
    private long _next;

    /// <summary>The findings of <paramref name="groups"/>, as far as they are known.</summary>
    public ImmutableArray<GroupFinding> Get(StoreSnapshot now, IReadOnlyCollection<RunGroup> groups)
    {
        var reader = new Lazy<SectionReader>(() => new(store, finished: now.Runs));
        lock (_lock)
        {
            RunGroup[] changed = [.. groups.Where(group => !_known.TryGetValue(group.Key, out var known) || known.Stamp != group.Stamp)];
            foreach (RunGroup group in changed.Where(group => group.Runs.Length <= FewRuns)) _known[group.Key] = (group.Stamp, Describe(group, reader.Value));
            RunGroup[] large = [.. changed.Where(group => group.Runs.Length > FewRuns)];
            if (large.Length > 0 && _computing.IsCompleted && _time.GetTimestamp() >= _next) _computing = Task.Run(() => Compute(large, reader.Value));
            return [.. groups.Select(group => new GroupFinding(group, _known.TryGetValue(group.Key, out var known) ? known.Sentences : null))];
        }
    }

    private void Compute(RunGroup[] groups, SectionReader reader)
    {
        long start = _time.GetTimestamp();
        foreach (RunGroup group in groups)
        {
            ImmutableArray<(string, string)> sentences = Describe(group, reader);
            lock (_lock) _known[group.Key] = (group.Stamp, sentences);
        }
        lock (_lock) _next = _time.GetTimestamp() + Interval * (_time.GetTimestamp() - start);
        computed();
    }

    private static ImmutableArray<(string, string)> Describe(RunGroup group, SectionReader reader)
    {
        try
        {
            ImmutableArray<ReportSection> sections = group.Study is { } study ? reader.ReadStudy(study) : reader.Read(group.Runs.Select(run => run.Id), planned: group.Lost);
            return [.. sections.Select(section => (section.Name, section.Finding))];
        }
        catch (Exception wrong) when (wrong is not OutOfMemoryException)
        {
            // One odd run must not take the page with it.
            return [("", $"What these runs show cannot be stated: {wrong.Message}")];
        }
    }
}
