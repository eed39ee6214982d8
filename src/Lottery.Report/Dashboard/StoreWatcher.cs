using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>
/// Looks at a store when someone asks, not more often than need be, and keeps nothing that the store does not have:
/// whoever starts anew sees the same. Safe for several threads.
/// </summary>
/// <remarks>Finished runs are listed again only when the list's file or folders have changed.</remarks>
internal sealed class StoreWatcher(RunStore store)
{
    private const int MostWarnings = 20;

    /// <summary>How old what is known may be; listing many runs is done at most a twentieth of the time.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(400);
    private const int ListShare = 20;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private ImmutableArray<string> _warnings = [];
    private StoreSnapshot? _last;
    private string _listed = "", _seen = "";
    private long _looked, _nextList;

    /// <summary>The store that is looked at.</summary>
    public RunStore Store { get; } = store;

    /// <summary>Notes a sentence on damage that the store passed over.</summary>
    public void Warn(string sentence)
    {
        lock (_lock)
            if (_warnings.Length < MostWarnings && !_warnings.Contains(sentence)) _warnings = _warnings.Add(sentence);
    }

    /// <summary>The store now, or a moment ago.</summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    public StoreSnapshot Now()
    {
        lock (_lock)
        {
            if (_last is { } recent && _time.GetElapsedTime(_looked) < Fresh) return recent;
            StoreSnapshot now = Look(_last ?? Empty());
            _looked = _time.GetTimestamp();
            return _last = now;
        }
    }

    private static StoreSnapshot Empty()
    {
        // Numbers go on from the clock, so that a page that knew another server sees that they are others.
        long number = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return new([], FrozenDictionary<string, RunSummary>.Empty, [], [], [], [], number, number);
    }

    private StoreSnapshot Look(StoreSnapshot before)
    {
        StoreSnapshot now = List(before) with
        {
            Underway = Store.ListActive(), ActiveJobs = Store.ListActiveJobs(), Warnings = _warnings,
        };
        string seen = Seen(now);
        if (seen == _seen && now.Finished == before.Finished) return now;
        _seen = seen;
        return now with { Version = before.Version + 1 };
    }

    private StoreSnapshot List(StoreSnapshot before)
    {
        string listed = Stamp();
        if (listed == _listed || _time.GetTimestamp() < _nextList) return before;
        long start = _time.GetTimestamp();
        ImmutableArray<RunSummary> runs = Store.List();
        _listed = listed;
        _nextList = start + ListShare * (_time.GetTimestamp() - start);
        return before with
        {
            Runs = runs, ById = runs.ToFrozenDictionary(run => run.Id), Studies = Store.StudyNames, Finished = before.Finished + 1,
        };
    }

    /// <summary>What changes when a run is finished or removed, or put into a study.</summary>
    private string Stamp()
    {
        StorePaths paths = Store.Paths;
        var stamp = new StringBuilder();
        foreach (string folder in (string[])[paths.Runs, paths.Studies]) stamp.Append(Directory.GetLastWriteTimeUtc(folder).Ticks).Append(' ');
        var index = new FileInfo(paths.IndexFile);
        return stamp.Append(index.Exists ? index.Length : -1).Append(' ').Append(index.LastWriteTimeUtc.Ticks).ToString();
    }

    private static string Seen(StoreSnapshot now) => string.Join('\n', now.Underway
        .Select(run => $"{run.Id} {run.Step} {run.Running} {run.Evaluations.Length} {run.Failure?.At.Ticks}")
        .Concat(now.ActiveJobs.Select(work => $"{work.Name} {work.Running}")).Concat(now.Warnings));
}
