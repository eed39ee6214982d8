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
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    private readonly RunStore _store;
    private readonly RunSpecification _run;
    private readonly string _id;
    private readonly FileLock? _claim;
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;
    private readonly CheckpointClock _clock = new();
    private FileStream? _progress;

    private RunSession(RunStore store, RunSpecification run, FileLock? claim, RunResult? finished)
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
            if (StoreErrors.Guard(store.Paths.Claim(id), () => TryClaim(store, id)) is { } claim)
                return BeginClaimed(store, run, claim);
            if (attempt == 0)
                store.Warn($"Run {RunIdentity.Short(id)} is being trained by another process; waiting for it.");
            cancellationToken.WaitHandle.WaitOne(BetweenAttempts);
        }
    }

    /// <inheritdoc/>
    public void Save(Checkpoint checkpoint)
    {
        string path = Paths.Checkpoint(_id);
        _clock.Time(() => StoreErrors.Guard(path, () => DurableFile.Replace(path, CheckpointFile.Write(_id, checkpoint))));
    }

    /// <inheritdoc/>
    public void Report(Evaluation evaluation)
    {
        string path = Paths.Progress(_id);
        StoreErrors.Guard(path, () =>
        {
            _progress ??= new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            _progress.Write(Encoding.UTF8.GetBytes(ProgressLine.Write(evaluation)));
        });
    }

    /// <inheritdoc/>
    public void Finish(RunResult result) => StoreErrors.Guard(Paths.Staged(_id), () =>
    {
        string staged = Paths.Staged(_id);
        RunSummary summary;
        try
        {
            summary = RunFolder.Write(staged, result, _store.DataName(_run.Data), _started, _store.Initial);
            Directory.CreateDirectory(Paths.Runs);
            Directory.Move(staged, Paths.Run(_id));
        }
        catch (IOException)
        {
            if (Directory.Exists(staged)) Directory.Delete(staged, recursive: true);
            throw;
        }
        DurableFile.FlushFolder(Paths.Runs);
        CleanUp(summary);
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _progress?.Dispose();
        _claim?.Dispose();
    }

    private static FileLock? TryClaim(RunStore store, string id)
    {
        store.Create();
        // Claims are taken and folders removed under one lock, so that no process can lock a file that was deleted.
        using FileLock held = FileLock.Take(store.Paths.LockFile);
        Directory.CreateDirectory(store.Paths.ActiveRun(id));
        return FileLock.TryTake(store.Paths.Claim(id));
    }

    private static RunSession BeginClaimed(RunStore store, RunSpecification run, FileLock claim)
    {
        try
        {
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

    private void CleanUp(RunSummary? summary)
    {
        _progress?.Dispose();
        using FileLock held = FileLock.Take(Paths.LockFile);
        if (summary is not null) _store.Index.Append(summary);
        _claim?.Dispose();
        Directory.Delete(Paths.ActiveRun(_id), recursive: true);
    }
}
