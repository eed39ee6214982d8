using System.Globalization;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;
using Lottery.Training;

namespace Lottery.Studies.Store.Snapshots;

/// <summary>The training of a dense run to a step, of which this process holds the claim.</summary>
internal sealed class SnapshotSession : ISnapshotSession
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    private readonly SnapshotStore _snapshots;
    private readonly RunSpecification _dense;
    private readonly int _step;
    private readonly string _checkpoint;
    private readonly CheckpointClock _clock;
    private readonly Claim? _claim;

    private SnapshotSession(RunStore store, SnapshotStore snapshots, RunSpecification dense, int step, Claim? claim, Weights? finished)
    {
        (_snapshots, _dense, _step, _claim, Finished) = (snapshots, dense, step, claim, finished);
        _clock = new(CheckpointClock.BytesOf(dense.Network));
        _checkpoint = StorePaths.SnapshotCheckpoint(store.Paths.Snapshot(RunIdentity.Of(dense), step));
        if (finished is null) Resume = ReadCheckpoint(store);
    }

    /// <inheritdoc/>
    public Weights? Finished { get; }

    /// <inheritdoc/>
    public Checkpoint? Resume { get; }

    /// <inheritdoc/>
    public bool CheckpointDue => _clock.IsDue;

    /// <summary>The checkpoint belongs to this training only: that of the run itself has evaluations.</summary>
    private string Name => string.Create(CultureInfo.InvariantCulture, $"{RunIdentity.Of(_dense)}-{_step}");

    /// <summary>Claims the training, or waits until the process that has claimed it finishes or ends.</summary>
    public static SnapshotSession Begin(RunStore store, SnapshotStore snapshots, RunSpecification dense, int step, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (snapshots.Find(dense, step) is { } before) return new(store, snapshots, dense, step, null, before);
            if (snapshots.TryClaim(dense, step) is { } claim)
                return new(store, snapshots, dense, step, claim, snapshots.Find(dense, step));
            cancellationToken.WaitHandle.WaitOne(BetweenAttempts);
        }
    }

    /// <inheritdoc/>
    public void Save(Checkpoint checkpoint)
    {
        // Another process that has taken over the training writes checkpoints of its own.
        if (_claim!.IsOwn())
            _clock.Write(() => StoreErrors.Guard(_checkpoint, () => DurableFile.Replace(_checkpoint, file => CheckpointFile.Write(file, Name, checkpoint))));
    }

    /// <summary>Nothing is evaluated on the way.</summary>
    public void Report(Evaluation evaluation)
    {
    }

    /// <inheritdoc/>
    public void Finish(Weights weights)
    {
        // The weights have the same bits, whoever keeps them.
        _snapshots.Keep(_dense, _step, weights);
        if (_claim!.IsOwn()) StoreErrors.Guard(_checkpoint, () => StoreDisk.Delete(_checkpoint));
    }

    /// <inheritdoc/>
    public void Dispose() => _claim?.Dispose();

    private Checkpoint? ReadCheckpoint(RunStore store)
    {
        if (!File.Exists(_checkpoint)) return null;
        try
        {
            return CheckpointFile.Read(_checkpoint, Name, _dense.Network);
        }
        catch (UserException)
        {
            store.Warn($"{_checkpoint} is damaged or of another version, so the training to step {_step} starts again from step 0.");
            StoreDisk.Delete(_checkpoint);
            return null;
        }
    }
}
