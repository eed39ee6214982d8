using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.UnitTests.Search;

/// <summary>
/// A run store that stops a search after some steps and evaluations: politely, or by a crash that loses all since the last
/// checkpoint, which is taken before every third.
/// </summary>
internal sealed class InterruptedRuns(IRunStore inner, int most, CancellationTokenSource? politely) : IRunStore
{
    private int _left = most;

    /// <summary>Checkpoints that runs went on from.</summary>
    public int Resumed { get; private set; }

    public RunResult? Find(RunSpecification run) => inner.Find(run);

    public IRunSession Begin(RunSpecification run, CancellationToken cancellation)
    {
        IRunSession session = inner.Begin(run, cancellation);
        if (session.Resume is not null) Resumed++;
        return new Session(this, session);
    }

    public Weights? FindSnapshot(RunSpecification dense, int step) => inner.FindSnapshot(dense, step);

    public void KeepSnapshot(RunSpecification dense, int step, Weights weights) => inner.KeepSnapshot(dense, step, weights);

    public ISnapshotSession BeginSnapshot(RunSpecification dense, int step, CancellationToken cancellation)
    {
        ISnapshotSession session = inner.BeginSnapshot(dense, step, cancellation);
        if (session.Resume is not null) Resumed++;
        return new SnapshotSession(this, session);
    }

    private bool Due()
    {
        if (politely is null && _left == 0) throw new IOException("The power is gone.");
        _left--;
        if (_left == 0) politely?.Cancel();
        return politely is null && _left % 3 == 0;
    }

    private sealed class SnapshotSession(InterruptedRuns runs, ISnapshotSession session) : ISnapshotSession
    {
        public Weights? Finished => session.Finished;

        public Checkpoint? Resume => session.Resume;

        public bool CheckpointDue => runs.Due();

        public void Save(Checkpoint checkpoint) => session.Save(checkpoint);

        public void Report(Evaluation evaluation) => session.Report(evaluation);

        public void Finish(Weights weights) => session.Finish(weights);

        public void Dispose() => session.Dispose();
    }

    private sealed class Session(InterruptedRuns runs, IRunSession session) : IRunSession
    {
        public RunResult? Finished => session.Finished;

        public Checkpoint? Resume => session.Resume;

        public bool CheckpointDue => runs.Due();

        public void Save(Checkpoint checkpoint) => session.Save(checkpoint);

        public void Report(Evaluation evaluation) => session.Report(evaluation);

        public void Finish(RunResult result) => session.Finish(result);

        public void Dispose() => session.Dispose();
    }
}
