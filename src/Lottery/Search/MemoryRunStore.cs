using System.Collections.Immutable;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>Keeps runs, and the checkpoints of interrupted ones, in memory until the process ends.</summary>
public sealed class MemoryRunStore : IRunStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RunSpecification, Entry> _entries = [];

    /// <summary>The finished runs, in no particular order.</summary>
    public ImmutableArray<RunResult> Finished
    {
        get
        {
            lock (_lock) return [.. _entries.Values.Select(entry => entry.Result).OfType<RunResult>()];
        }
    }

    /// <inheritdoc/>
    public RunResult? Find(RunSpecification run) => EntryOf(run).Result;

    /// <inheritdoc/>
    public IRunSession Begin(RunSpecification run, CancellationToken cancellationToken)
    {
        Entry entry = EntryOf(run);
        entry.Claim.Wait(cancellationToken);
        return new Session(entry);
    }

    private Entry EntryOf(RunSpecification run)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(run, out Entry? entry)) _entries[run] = entry = new();
            return entry;
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Claim { get; } = new(1);

        public volatile RunResult? Result;

        public Checkpoint? Checkpoint { get; set; }
    }

    private sealed class Session : IRunSession
    {
        private readonly Entry _entry;
        private int _released;

        public Session(Entry entry) => (_entry, Finished, Resume) = (entry, entry.Result, entry.Checkpoint);

        public RunResult? Finished { get; }

        public Checkpoint? Resume { get; }

        // A checkpoint in memory helps a run that is cancelled, not one whose process ends: none is due in between.
        public bool CheckpointDue => false;

        public void Save(Checkpoint checkpoint) => _entry.Checkpoint = checkpoint;

        public void Report(Evaluation evaluation) { }

        public void Finish(RunResult result) => (_entry.Result, _entry.Checkpoint) = (result, null);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0) _entry.Claim.Release();
        }
    }
}
