using System.Diagnostics;
using System.Text;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Training;

namespace Lottery.Studies.Store;

/// <summary>A run that this process holds the claim of.</summary>
internal sealed class RunSession : IRunSession
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    /// <summary>A killed run loses a second of work where the disk is quick, ten at the most where it is slow.</summary>
    private static readonly TimeSpan
        ShortestInterval = TimeSpan.FromSeconds(1), LongestInterval = TimeSpan.FromSeconds(10);

    /// <summary>Keeping the place takes at most one part in so many of a run's time.</summary>
    private const int CheckpointShare = 50;

    private readonly RunStore _store;
    private readonly RunSpecification _run;
    private readonly string _id;
    private readonly FileLock? _claim;
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;
    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();
    private TimeSpan _interval = ShortestInterval;
    private FileStream? _progress;

    private RunSession(RunStore store, RunSpecification run, FileLock? claim, RunResult? finished)
    {
        (_store, _run, _id, _claim, Finished) = (store, run, RunIdentity.Of(run), claim, finished);
        if (finished is not null) return;
        Place place = Place.Open(store, run, _id);
        (Resume, _started) = (place.Checkpoint, place.Started);
    }

    /// <inheritdoc/>
    public RunResult? Finished { get; }

    /// <inheritdoc/>
    public Checkpoint? Resume { get; }

    /// <inheritdoc/>
    public bool CheckpointDue => _sinceCheckpoint.Elapsed >= _interval;

    private StorePaths Paths => _store.Paths;

    /// <summary>Claims a run, or waits until the one who has claimed it finishes or ends.</summary>
    public static RunSession Begin(RunStore store, RunSpecification run, CancellationToken cancellation)
    {
        string id = RunIdentity.Of(run);
        for (int attempt = 0; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (store.Find(run) is { } before) return new(store, run, null, before);
            if (StoreErrors.Guard(store.Paths.Claim(id), () => TryClaim(store, id)) is { } claim)
                return BeginClaimed(store, run, claim);
            if (attempt == 0)
                store.Warn($"Run {RunIdentity.Short(id)} is being trained by another process; waiting for it.");
            cancellation.WaitHandle.WaitOne(BetweenAttempts);
        }
    }

    /// <inheritdoc/>
    public void Save(Checkpoint checkpoint)
    {
        string path = Paths.Checkpoint(_id);
        long start = Stopwatch.GetTimestamp();
        StoreErrors.Guard(path, () => DurableFile.Replace(path, CheckpointFile.Write(_id, checkpoint)));
        TimeSpan fair = Stopwatch.GetElapsedTime(start) * CheckpointShare;
        _interval = fair < ShortestInterval ? ShortestInterval : fair > LongestInterval ? LongestInterval : fair;
        _sinceCheckpoint.Restart();
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
    public void Finish(RunResult result) => StoreErrors.Guard(Paths.Aside(_id), () =>
    {
        string aside = Paths.Aside(_id);
        RunRecord record;
        try
        {
            record = FinishedRun.Write(aside, result, _store.DataName(_run.Data), _started, _store.Initial);
            Directory.CreateDirectory(Paths.Runs);
            Directory.Move(aside, Paths.Run(_id));
        }
        catch (IOException)
        {
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
            throw;
        }
        DurableFile.FlushFolder(Paths.Runs);
        CleanUp(record);
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
        // Claims are taken and folders removed under one lock, so that nobody can lock a file that is gone.
        using FileLock held = FileLock.Take(store.Paths.LockFile);
        Directory.CreateDirectory(store.Paths.Underway(id));
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

    private void CleanUp(RunRecord? record)
    {
        _progress?.Dispose();
        using FileLock held = FileLock.Take(Paths.LockFile);
        if (record is not null) _store.Index.Append([record]);
        _claim?.Dispose();
        Directory.Delete(Paths.Underway(_id), recursive: true);
    }
}
