using System.Text;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>A run that this process holds the claim of.</summary>
internal sealed class RunSession : IRunSession
{
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(10), LongPause = TimeSpan.FromMilliseconds(100);
    private const int ShortAttempts = 20;

    private readonly RunStore _store;
    private readonly RunSpecification _run;
    private readonly string _id;
    private readonly Claim? _claim;
    private readonly CancellationToken _cancellation;
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;
    private readonly CheckpointClock _clock;
    private FileStream? _progress;
    private bool _isHandedOver, _hasWarned;

    private RunSession(RunStore store, RunSpecification run, Claim? claim, RunResult? finished, CancellationToken cancellationToken)
    {
        (_store, _run, _id, _claim, Finished, _cancellation) = (store, run, RunIdentity.Of(run), claim, finished, cancellationToken);
        _clock = new(CheckpointClock.BytesOf(run.Network));
        if (finished is not null) return;
        ActiveRunFolder folder = ActiveRunFolder.Open(store, run, _id);
        (Resume, _started) = (folder.Checkpoint, folder.Started);
    }

    /// <inheritdoc/>
    public RunResult? Finished { get; }

    /// <inheritdoc/>
    public Checkpoint? Resume { get; }

    /// <inheritdoc/>
    public bool CheckpointDue => _clock.IsDue;

    /// <summary>The run's id.</summary>
    public string Id => _id;

    private StorePaths Paths => _store.Paths;

    /// <summary>Claims a run, or waits until the process that has claimed it finishes or ends.</summary>
    public static RunSession Begin(RunStore store, RunSpecification run, CancellationToken cancellationToken)
    {
        string id = RunIdentity.Of(run);
        for (int attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (store.Find(run) is { } before) return new(store, run, null, before, cancellationToken);
            Claim? claim = store.Reservations.Take(id) ?? StoreErrors.Guard(store.Paths.Claim(id), () => Reservations.TryClaim(store, id));
            if (claim is not null)
            {
                DebugLog.Write("claims", $"run {RunIdentity.Short(id)} is claimed");
                return BeginClaimed(store, run, claim, cancellationToken);
            }
            if (attempt == 0)
                store.Warn(Claims.Waiting(store.Paths.Claim(id), $"Run {RunIdentity.Short(id)} is being trained"));
            else
                DebugLog.Write("claims", $"run {RunIdentity.Short(id)} is still claimed, attempt {attempt + 1}");
            cancellationToken.WaitHandle.WaitOne(attempt < ShortAttempts ? ShortPause : LongPause);
        }
    }

    /// <inheritdoc/>
    public void Save(Checkpoint checkpoint)
    {
        if (!IsOwn()) return;
        string path = Paths.Checkpoint(_id);
        _clock.Write(() => StoreErrors.Guard(path, () => DurableFile.Replace(path, file => CheckpointFile.Write(file, _id, checkpoint))));
        DebugLog.Write("store", $"run {RunIdentity.Short(_id)} has a checkpoint at step {checkpoint.Step}");
    }

    /// <inheritdoc/>
    public void Report(Evaluation evaluation)
    {
        string path = Paths.Progress(_id);
        StoreErrors.Guard(path, () =>
        {
            _progress ??= StoreDisk.Append(path);
            StoreDisk.Write(_progress, Encoding.UTF8.GetBytes(ProgressLine.Write(evaluation)));
        });
    }

    /// <inheritdoc/>
    public void Finish(RunResult result)
    {
        _progress?.Dispose();
        _isHandedOver = _store.Writer?.TryAdd(this, result) == true;
        if (_isHandedOver) return;
        if (Publish(result) is { } summary)
        {
            StoreErrors.Guard(Paths.Runs, () =>
            {
                StoreDisk.FlushFolder(Paths.Runs);
                Leave(_store, [(this, summary)]);
            });
            return;
        }
        // Another process has the run. If that does not finish it, this one does: both results have the same bits.
        Close();
        using RunSession again = Begin(_store, _run, _cancellation);
        if (again.Finished is null) again.Finish(result);
    }

    /// <summary>Writes the run and gives its folder the final name, by which it is visible.</summary>
    /// <returns>Null where another process has taken over the run: then nothing was written.</returns>
    /// <exception cref="UserException">The store cannot be written.</exception>
    internal RunSummary? Publish(RunResult result)
    {
        if (!IsOwn()) return null;
        string staged = Paths.Staged(_id, _claim!.Mark);
        return StoreErrors.Guard(staged, () =>
        {
            try
            {
                RunSummary summary = RunFolder.Write(staged, result, _store.DataName(_run.Data), _started, _store.Initial);
                StoreDisk.CreateFolder(Paths.Runs);
                if (IsOwn())
                {
                    StoreDisk.RenameFolder(staged, Paths.Run(_id));
                    return summary;
                }
            }
            catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
            {
                TryRemove(staged);
                throw;
            }
            TryRemove(staged);
            return null;
        });
    }

    /// <summary>Adds runs to the index whose names are on the disk, and removes what was there of them while they were trained.</summary>
    internal static void Leave(RunStore store, IReadOnlyCollection<(RunSession Session, RunSummary Summary)> runs)
    {
        using (store.Paths.TakeLock()) store.Index.Append(runs.Select(run => run.Summary));
        foreach ((RunSession session, _) in runs)
        {
            ActiveRunFolder.Remove(store.Paths, session._id, session._claim!);
            DebugLog.Write("store", $"run {RunIdentity.Short(session._id)} is finished and on disk");
        }
    }

    /// <summary>Gives the claim back, unless a writer has taken it over.</summary>
    public void Dispose()
    {
        if (!_isHandedOver) Close();
    }

    /// <summary>Gives the claim back.</summary>
    internal void Close()
    {
        _progress?.Dispose();
        _claim?.Dispose();
    }

    private static RunSession BeginClaimed(RunStore store, RunSpecification run, Claim claim, CancellationToken cancellationToken)
    {
        try
        {
            // On a network file system this machine may still believe that the run is not there.
            StoreDisk.Refresh(store.Paths.Runs);
            RunResult? meanwhile = store.Find(run);
            var session = new RunSession(store, run, claim, meanwhile, cancellationToken);
            if (meanwhile is not null) ActiveRunFolder.Remove(store.Paths, session._id, claim);
            return session;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    private static void TryRemove(string staged)
    {
        try
        {
            if (Directory.Exists(staged)) StoreFolder.Remove(staged);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // The next session of the run removes it, or `runs gc`.
        }
    }

    /// <summary>Whether the run is still this process's; if it is not, that is said once, and nothing more of it is written.</summary>
    private bool IsOwn()
    {
        if (_claim!.IsOwn()) return true;
        if (!_hasWarned) _store.Warn(_claim.LostText($"Run {RunIdentity.Short(_id)}"));
        _hasWarned = true;
        return false;
    }
}
