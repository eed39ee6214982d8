using Lottery.Studies.Store.Activity;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>Removes what crashes left behind, and nothing that could still be used.</summary>
internal sealed class GarbageCollection(StorePaths paths)
{
    private long _freed;

    /// <summary>Collects.</summary>
    /// <returns>The number of bytes freed.</returns>
    public long Collect() => Directory.Exists(paths.Root) ? StoreErrors.Guard(paths.Root, () =>
    {
        using FileLock held = FileLock.Take(paths.LockFile);
        Remove(paths.Removed);
        foreach (string folder in new[] { paths.Root, paths.Studies }.Where(Directory.Exists))
            foreach (string temporary in Directory.EnumerateFiles(folder, "*.tmp")) RemoveFile(temporary);
        if (Directory.Exists(paths.Active))
            foreach (string folder in Directory.EnumerateDirectories(paths.Active))
                CollectActive(Path.GetFileName(folder));
        if (Directory.Exists(paths.Jobs))
            foreach (string folder in Directory.EnumerateDirectories(paths.Jobs))
                if (!FileLock.IsHeld(Path.Combine(folder, StorePaths.ClaimFile))) Remove(folder);
        return _freed;
    }) : 0;

    // A run whose claim is held is not touched; an interrupted run keeps its checkpoint.
    private void CollectActive(string id)
    {
        using (FileLock? claim = FileLock.TryTake(paths.Claim(id)))
        {
            if (claim is null) return;
            Remove(paths.Staged(id));
            foreach (string temporary in Directory.EnumerateFiles(paths.ActiveRun(id), "*.tmp")) RemoveFile(temporary);
        }
        // The store's lock is held, so that no process takes the claim between here and there.
        if (Directory.Exists(paths.Run(id)) || !File.Exists(paths.Checkpoint(id))) Remove(paths.ActiveRun(id));
    }

    private void Remove(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            _freed += new FileInfo(file).Length;
        Directory.Delete(folder, recursive: true);
    }

    private void RemoveFile(string file)
    {
        _freed += new FileInfo(file).Length;
        File.Delete(file);
    }
}
