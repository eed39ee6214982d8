namespace Lottery.Studies.Store;

/// <summary>Removes what crashes left behind, and nothing that anyone could still use.</summary>
internal sealed class GarbageCollection(StorePaths paths)
{
    private long _freed;

    /// <summary>Collects, and says how many bytes it freed.</summary>
    public long Collect() => Directory.Exists(paths.Root) ? StoreErrors.Guard(paths.Root, () =>
    {
        using FileLock held = FileLock.Take(paths.LockFile);
        Remove(paths.Removed);
        foreach (string folder in new[] { paths.Root, paths.Studies }.Where(Directory.Exists))
            foreach (string temporary in Directory.EnumerateFiles(folder, "*.tmp")) RemoveFile(temporary);
        if (Directory.Exists(paths.Active))
            foreach (string folder in Directory.EnumerateDirectories(paths.Active))
                CollectUnderway(Path.GetFileName(folder));
        if (Directory.Exists(paths.ActiveJobs))
            foreach (string folder in Directory.EnumerateDirectories(paths.ActiveJobs))
                if (!FileLock.IsHeld(Path.Combine(folder, StorePaths.ClaimFile))) Remove(folder);
        return _freed;
    }) : 0;

    // A run that someone works on is left alone; one that was interrupted keeps its checkpoint.
    private void CollectUnderway(string id)
    {
        using (FileLock? claim = FileLock.TryTake(paths.Claim(id)))
        {
            if (claim is null) return;
            Remove(paths.Aside(id));
            foreach (string temporary in Directory.EnumerateFiles(paths.Underway(id), "*.tmp")) RemoveFile(temporary);
        }
        // The store's lock is held, so that nobody takes the claim between here and there.
        if (Directory.Exists(paths.Run(id)) || !File.Exists(paths.Checkpoint(id))) Remove(paths.Underway(id));
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
