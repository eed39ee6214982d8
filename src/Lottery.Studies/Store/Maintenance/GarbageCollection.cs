using System.Text.RegularExpressions;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;
using Lottery.Studies.Store.Packs;
using Lottery.Studies.Store.Snapshots;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>
/// Removes what crashes left behind, and nothing that could still be used: only what has a name that the store itself gives, never
/// through a link.
/// </summary>
internal sealed partial class GarbageCollection(StorePaths paths)
{
    private readonly string[] _rootFiles = [.. new[] { paths.StoreFile, paths.IndexFile, paths.LockFile }.Select(file => Path.GetFileName(file))];
    private long _freed;

    /// <summary>Collects in a folder that is a store.</summary>
    /// <returns>The number of bytes freed.</returns>
    public long Collect() => StoreErrors.Guard(paths.Root, () =>
    {
        paths.Claims.Settle(
        [
            .. Inside(paths.Active).Where(RunIdentity.IsId).Select(paths.Claim),
            .. new[] { paths.Snapshots, paths.Jobs, paths.Cards }.SelectMany(folder => Inside(folder).Select(name => Path.Combine(folder, name, StorePaths.ClaimFile))),
        ]);
        using Claim held = paths.TakeLock();
        CollectRemoved();
        _freed += StoreFolder.RemoveFolders(paths.Root, StoreProbe.IsProbe);
        _freed += StoreFolder.RemoveFiles(paths.Root, _rootFiles, onlyTemporary: true);
        if (StoreFolder.IsOwn(paths.Studies))
            foreach (string temporary in Directory.EnumerateFiles(paths.Studies, "*.tmp").Where(path => StudyTemporary().IsMatch(Path.GetFileName(path))))
                _freed += StoreFolder.RemoveFile(temporary);
        foreach (string id in Inside(paths.Active).Where(RunIdentity.IsId)) CollectActive(id);
        foreach (string id in Inside(paths.Runs).Where(RunIdentity.IsId)) _freed += StoreFolder.RemoveFiles(paths.Run(id), [StorePaths.DigestFile], onlyTemporary: true);
        _freed += SnapshotStore.Collect(paths);
        _freed += MetricsPacks.Collect(paths);
        foreach (string name in Inside(paths.Jobs).Where(name => JobName().IsMatch(name)))
            if (!ActiveJob.IsOnSlurm(paths, name) && !paths.Claims.IsHeld(Path.Combine(paths.Job(name), StorePaths.ClaimFile))) _freed += RemoveJob(paths, name);
        foreach (string name in Inside(paths.Cards).Where(name => JobName().IsMatch(name)))
            if (!paths.Claims.IsHeld(Path.Combine(paths.Card(name), StorePaths.ClaimFile))) _freed += ActiveCardSession.Remove(paths, name, claim: null);
        return _freed;
    });

    /// <summary>True for the name of a folder that a run is renamed to while it is removed.</summary>
    public static bool IsRemoved(string name) => RemovedName().IsMatch(name);

    /// <summary>Removes the folder of a job that no process works on; what the store did not write stays.</summary>
    /// <returns>The number of bytes freed.</returns>
    public static long RemoveJob(StorePaths paths, string name)
    {
        long freed = StoreFolder.RemoveFiles(paths.Job(name), StorePaths.JobFiles) + StoreFolder.Remove(Path.Combine(paths.Job(name), StorePaths.SlurmFolder));
        StoreFolder.RemoveEmpty(paths.Job(name));
        return freed;
    }

    private static IEnumerable<string> Inside(string folder) => StoreFolder.IsOwn(folder) ? StoreFolder.NamesIn(folder) : [];

    private void CollectRemoved()
    {
        foreach (string name in Inside(paths.Removed).Where(IsRemoved)) _freed += StoreFolder.Remove(Path.Combine(paths.Removed, name));
        StoreFolder.RemoveEmpty(paths.Removed);
    }

    // A run whose claim is held is not touched; an interrupted run keeps its checkpoint.
    private void CollectActive(string id)
    {
        if (!StoreFolder.IsOwn(paths.ActiveRun(id))) return;
        using Claim? claim = paths.Claims.TryTake(paths.Claim(id));
        if (claim is null) return;
        if (Directory.Exists(paths.Run(id)) || !File.Exists(paths.Checkpoint(id))) _freed += ActiveRunFolder.Remove(paths, id, claim);
        else _freed += ActiveRunFolder.RemoveHalf(paths, id);
    }

    [GeneratedRegex(@"^([0-9a-f]{64}-)?[0-9a-f]{32}\z")]
    private static partial Regex RemovedName();

    [GeneratedRegex(@"^[0-9a-f]{16}\z")]
    private static partial Regex JobName();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.\-]{0,99}\.json(\.[0-9a-f]{12})?\.tmp\z")]
    private static partial Regex StudyTemporary();
}
