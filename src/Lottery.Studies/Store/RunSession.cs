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
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;
    private readonly CheckpointClock _clock = new();
    private FileStream? _progress;

    private RunSession(RunStore store, RunSpecification run, Claim? claim, RunResult? finished)
    {
        (_store, _run, _id, _claim, Finished) = (store, run, RunIdentity.Of(run), claim, finished);
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

    private StorePaths Paths => _store.Paths;

    /// <summary>Claims a run, or waits until the process that has claimed it finishes or ends.</summary>
    public static RunSession Begin(RunStore store, RunSpecification run, CancellationToken cancellationToken)
    {
        string id = RunIdentity.Of(run);
        for (int attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (store.Find(run) is { } before) return new(store, run, null, before);
            Claim? claim = store.Reservations.Take(id) ?? StoreErrors.Guard(store.Paths.Claim(id), () => Reservations.TryClaim(store, id));
            if (claim is not null)
            {
                DebugLog.Write("claims", $"run {RunIdentity.Short(id)} is claimed");
                return BeginClaimed(store, run, claim);
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
        RequireClaim();
        string path = Paths.Checkpoint(_id);
        _clock.Time(() => StoreErrors.Guard(path, () => DurableFile.Replace(path, CheckpointFile.Write(_id, checkpoint))));
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
        RequireClaim();
        string staged = Paths.Staged(_id, _claim!.Mark);
        StoreErrors.Guard(staged, () =>
        {
            RunSummary summary;
            try
            {
                summary = RunFolder.Write(staged, result, _store.DataName(_run.Data), _started, _store.Initial);
                StoreDisk.CreateFolder(Paths.Runs);
                RequireClaim();
                StoreDisk.RenameFolder(staged, Paths.Run(_id));
            }
            catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or ClaimLostException)
            {
                TryRemove(staged);
                throw;
            }
            StoreDisk.FlushFolder(Paths.Runs);
            CleanUp(summary);
        });
        DebugLog.Write("store", $"run {RunIdentity.Short(_id)} is finished and on disk");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _progress?.Dispose();
        _claim?.Dispose();
    }

    private static RunSession BeginClaimed(RunStore store, RunSpecification run, Claim claim)
    {
        try
        {
            // On a network file system this machine may still believe that the run is not there.
            StoreDisk.Refresh(store.Paths.Runs);
            RunResult? meanwhile = store.Find(run);
            var session = new RunSession(store, run, claim, meanwhile);
            if (meanwhile is not null) session.CleanUp(null);
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

    private void RequireClaim()
    {
        try
        {
            _claim!.Require($"Run {RunIdentity.Short(_id)}");
        }
        catch (ClaimLostException lost)
        {
            _store.Warn(lost.Message);
            throw;
        }
    }

    private void CleanUp(RunSummary? summary)
    {
        _progress?.Dispose();
        if (summary is not null)
            using (Paths.TakeLock()) _store.Index.Append(summary);
        ActiveRunFolder.Remove(Paths, _id, _claim!);
    }
}
