using System.Diagnostics;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Simulation.Driver;

/// <summary>A store that measures how long those who train wait for it.</summary>
/// <param name="store">The store.</param>
internal sealed class TimedStore(IRunStore store) : IRunStore
{
    private long _find, _claim, _train, _report, _finish;

    /// <summary>Looking whether a run is there, and reading one that is.</summary>
    public TimeSpan Find => Stopwatch.GetElapsedTime(0, _find);

    /// <summary>Claiming runs.</summary>
    public TimeSpan Claim => Stopwatch.GetElapsedTime(0, _claim);

    /// <summary>Between the claim of a run and its result, without what is noted on the way: pruning and training.</summary>
    public TimeSpan Train => Stopwatch.GetElapsedTime(0, _train - _report);

    /// <summary>Noting evaluations and keeping checkpoints.</summary>
    public TimeSpan Report => Stopwatch.GetElapsedTime(0, _report);

    /// <summary>From the result until the next run may begin.</summary>
    public TimeSpan Finish => Stopwatch.GetElapsedTime(0, _finish);

    /// <inheritdoc/>
    RunResult? IRunStore.Find(RunSpecification run)
    {
        long began = Stopwatch.GetTimestamp();
        RunResult? found = store.Find(run);
        Add(ref _find, began);
        return found;
    }

    /// <inheritdoc/>
    public IRunSession Begin(RunSpecification run, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        IRunSession session = store.Begin(run, cancellationToken);
        Add(ref _claim, began);
        return new Session(this, session);
    }

    /// <inheritdoc/>
    public Weights? FindSnapshot(RunSpecification dense, int step) => store.FindSnapshot(dense, step);

    /// <inheritdoc/>
    public void KeepSnapshot(RunSpecification dense, int step, Weights weights) => store.KeepSnapshot(dense, step, weights);

    /// <inheritdoc/>
    public ISnapshotSession BeginSnapshot(RunSpecification dense, int step, CancellationToken cancellationToken) =>
        store.BeginSnapshot(dense, step, cancellationToken);

    private static void Add(ref long to, long began) => Interlocked.Add(ref to, Stopwatch.GetTimestamp() - began);

    private sealed class Session(TimedStore owner, IRunSession session) : IRunSession
    {
        private readonly long _began = Stopwatch.GetTimestamp();

        public RunResult? Finished => session.Finished;

        public Checkpoint? Resume => session.Resume;

        public bool CheckpointDue => session.CheckpointDue;

        public void Save(Checkpoint checkpoint) => Reported(() => session.Save(checkpoint));

        public void Report(Evaluation evaluation) => Reported(() => session.Report(evaluation));

        public void Finish(RunResult result)
        {
            Add(ref owner._train, _began);
            long began = Stopwatch.GetTimestamp();
            session.Finish(result);
            Add(ref owner._finish, began);
        }

        public void Dispose() => session.Dispose();

        private void Reported(Action report)
        {
            long began = Stopwatch.GetTimestamp();
            report();
            Add(ref owner._report, began);
        }
    }
}
