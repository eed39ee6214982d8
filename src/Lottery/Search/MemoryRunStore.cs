using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Search;

/// <summary>Keeps runs, and the checkpoints of interrupted ones, in memory until the process ends.</summary>
public sealed class MemoryRunStore : IRunStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RunSpecification, Entry<RunResult>> _entries = [];
    private readonly Dictionary<(RunSpecification, int), Entry<Weights>> _snapshots = [];

    /// <summary>The finished runs, in no particular order.</summary>
    public ImmutableArray<RunResult> Finished
    {
        get
        {
            lock (_lock) return [.. _entries.Values.Select(entry => entry.Result).OfType<RunResult>()];
        }
    }

    /// <inheritdoc/>
    public RunResult? Find(RunSpecification run) => EntryOf(_entries, run).Result;

    /// <inheritdoc/>
    public IRunSession Begin(RunSpecification run, CancellationToken cancellationToken)
    {
        Entry<RunResult> entry = EntryOf(_entries, run);
        entry.Claim.Wait(cancellationToken);
        return new RunSession(entry);
    }

    /// <inheritdoc/>
    public Weights? FindSnapshot(RunSpecification dense, int step) => EntryOf(_snapshots, (dense, step)).Result?.Clone();

    /// <inheritdoc/>
    public void KeepSnapshot(RunSpecification dense, int step, Weights weights) => EntryOf(_snapshots, (dense, step)).Result = weights.Clone();

    /// <inheritdoc/>
    public ISnapshotSession BeginSnapshot(RunSpecification dense, int step, CancellationToken cancellationToken)
    {
        Entry<Weights> entry = EntryOf(_snapshots, (dense, step));
        entry.Claim.Wait(cancellationToken);
        return new SnapshotSession(entry);
    }

    private Entry<T> EntryOf<TKey, T>(Dictionary<TKey, Entry<T>> entries, TKey key) where TKey : notnull where T : class
    {
        lock (_lock)
        {
            if (!entries.TryGetValue(key, out Entry<T>? entry)) entries[key] = entry = new();
            return entry;
        }
    }

    private sealed class Entry<T> where T : class
    {
        public SemaphoreSlim Claim { get; } = new(1);

        public volatile T? Result;

        public Checkpoint? Checkpoint { get; set; }
    }

    private sealed class RunSession(Entry<RunResult> entry) : Session<RunResult>(entry), IRunSession;

    private sealed class SnapshotSession(Entry<Weights> entry) : Session<Weights>(entry), ISnapshotSession;

    private abstract class Session<T> : IDisposable where T : class
    {
        private readonly Entry<T> _entry;
        private int _released;

        protected Session(Entry<T> entry) => (_entry, Finished, Resume) = (entry, entry.Result, entry.Checkpoint);

        public T? Finished { get; }

        public Checkpoint? Resume { get; }

        // A checkpoint in memory helps a run that is cancelled, not one whose process ends: none is due in between.
        public bool CheckpointDue => false;

        public void Save(Checkpoint checkpoint) => _entry.Checkpoint = checkpoint;

        public void Report(Evaluation evaluation) { }

        public void Finish(T result) => (_entry.Result, _entry.Checkpoint) = (result, null);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0) _entry.Claim.Release();
        }
    }
}
