using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Lottery.Studies.Slurm;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>
/// Reads a store on request, at most every 0.4 s, and holds nothing that the store does not have: a restarted server shows
/// the same. Thread-safe.
/// </summary>
/// <remarks>Finished runs are listed again only when the list's file or folders have changed.</remarks>
internal sealed class StoreWatcher(RunStore store)
{
    private const int MostWarnings = 20;

    /// <summary>After listing the runs, the next listing waits this many times as long as the listing took: 5 % of the time.</summary>
    private const int ListInterval = 20;

    private static readonly TimeSpan MaximumAge = TimeSpan.FromMilliseconds(400);

    private readonly Lock _lock = new();
    private readonly SlurmMonitor _slurm = new(store, new SlurmClient());
    private readonly TimeProvider _time = TimeProvider.System;
    private ImmutableArray<string> _warnings = [];
    private StoreSnapshot? _last;
    private string _listed = "", _seen = "";
    private long _readAt, _nextList, _touched;

    /// <summary>The store.</summary>
    public RunStore Store { get; } = store;

    /// <summary>Records a sentence about a damaged file that the store skipped; safe to call from any thread.</summary>
    public void Warn(string sentence)
    {
        lock (_lock)
            if (_warnings.Length < MostWarnings && !_warnings.Contains(sentence)) _warnings = _warnings.Add(sentence);
    }

    /// <summary>The content of the store, at most 0.4 s old.</summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    public StoreSnapshot Now()
    {
        lock (_lock)
        {
            if (_last is { } recent && _time.GetElapsedTime(_readAt) < MaximumAge) return recent;
            StoreSnapshot now = Read(_last ?? Empty());
            _readAt = _time.GetTimestamp();
            return _last = now;
        }
    }

    /// <summary>Makes open pages fetch themselves again: something about the store was computed that they did not have.</summary>
    public void Touch()
    {
        lock (_lock) _touched++;
    }

    private static StoreSnapshot Empty()
    {
        // Numbers go on from the clock, so that a page that knew another server sees that they are others.
        long number = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return new([], FrozenDictionary<string, RunSummary>.Empty, [], [], [], [], number, number);
    }

    private StoreSnapshot Read(StoreSnapshot before)
    {
        ImmutableArray<ActiveJob> jobs = Store.ListActiveJobs();
        StoreSnapshot now = List(before) with
        {
            Underway = Store.ListActive(), ActiveJobs = jobs, Warnings = _warnings, Cards = Store.ListCards(), Slurm = _slurm.Now(jobs.Any(job => job.OnSlurm)),
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
        // What was repaired or removed meanwhile is not damaged any more.
        _warnings = [];
        ImmutableArray<RunSummary> runs = Store.List();
        _listed = listed;
        _nextList = start + ListInterval * (_time.GetTimestamp() - start);
        return before with
        {
            Runs = runs, ById = runs.ToFrozenDictionary(run => run.Id),
            Studies = [.. Store.StudyNames.Select(name => new StudyRuns(name, Store.Study(name)))], Finished = before.Finished + 1,
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

    private string Seen(StoreSnapshot now) => $"{_touched}\n" + string.Join('\n', now.Underway
        .Select(run => $"{run.Id} {run.Step} {run.Running} {run.Evaluations.Length} {run.Failure?.At.Ticks}")
        .Concat(now.ActiveJobs.Select(work => $"{work.Name} {work.Running}")).Concat(now.Cards.Select(card => $"{card with { Runs = [] }} {card.Runs.Length}")).Concat(now.Slurm.Values.Select(activity => activity.Line)).Concat(now.Warnings));
}
