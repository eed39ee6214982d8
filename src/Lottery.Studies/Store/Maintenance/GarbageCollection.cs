using System.Text.RegularExpressions;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;
using Lottery.Studies.Store.Snapshots;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>
/// Removes what crashes left behind, and nothing that could still be used: only what has a name that the store itself gives, never
/// through a link.
/// </summary>
internal sealed partial class GarbageCollection(StorePaths paths)
{
    private long _freed;

    /// <summary>Collects in a folder that is a store.</summary>
    /// <returns>The number of bytes freed.</returns>
    public long Collect() => StoreErrors.Guard(paths.Root, () =>
    {
        using FileLock held = FileLock.Take(paths.LockFile);
        CollectRemoved();
        foreach (string file in (string[])[paths.StoreFile, paths.IndexFile]) _freed += StoreFolder.RemoveFile(DurableFile.TemporaryOf(file));
        if (StoreFolder.IsOwn(paths.Studies))
            foreach (string temporary in Directory.EnumerateFiles(paths.Studies, "*.json.tmp").Where(path => StudyTemporary().IsMatch(Path.GetFileName(path))))
                _freed += StoreFolder.RemoveFile(temporary);
        foreach (string id in Inside(paths.Active).Where(RunIdentity.IsId)) CollectActive(id);
        _freed += SnapshotStore.Collect(paths);
        foreach (string name in Inside(paths.Jobs).Where(name => JobName().IsMatch(name)))
            if (!FileLock.IsHeld(Path.Combine(paths.Job(name), StorePaths.ClaimFile))) _freed += StoreFolder.Remove(paths.Job(name), StorePaths.JobFiles);
        return _freed;
    });

    /// <summary>True for the name of a folder that a run is renamed to while it is removed.</summary>
    public static bool IsRemoved(string name) => RemovedName().IsMatch(name);

    private static IEnumerable<string> Inside(string folder) => StoreFolder.IsOwn(folder) ? StoreFolder.NamesIn(folder) : [];

    private void CollectRemoved()
    {
        foreach (string name in Inside(paths.Removed).Where(IsRemoved)) _freed += StoreFolder.Remove(Path.Combine(paths.Removed, name));
        if (StoreFolder.IsOwn(paths.Removed) && !Directory.EnumerateFileSystemEntries(paths.Removed).Any()) Directory.Delete(paths.Removed);
    }

    // A run whose claim is held is not touched; an interrupted run keeps its checkpoint.
    private void CollectActive(string id)
    {
        if (!StoreFolder.IsOwn(paths.ActiveRun(id))) return;
        using (FileLock? claim = FileLock.TryTake(paths.Claim(id)))
        {
            if (claim is null) return;
            _freed += StoreFolder.Remove(paths.Staged(id));
            foreach (string name in StorePaths.ActiveFiles)
                _freed += StoreFolder.RemoveFile(DurableFile.TemporaryOf(Path.Combine(paths.ActiveRun(id), name)));
        }
        // The store's lock is held, so that no process takes the claim between here and there.
        if (Directory.Exists(paths.Run(id)) || !File.Exists(paths.Checkpoint(id)))
            _freed += StoreFolder.Remove(paths.ActiveRun(id), StorePaths.ActiveFiles);
    }

    [GeneratedRegex(@"^([0-9a-f]{64}-)?[0-9a-f]{32}\z")]
    private static partial Regex RemovedName();

    [GeneratedRegex(@"^[0-9a-f]{16}\z")]
    private static partial Regex JobName();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.\-]{0,99}\.json\.tmp\z")]
    private static partial Regex StudyTemporary();
}
