using System.Text.RegularExpressions;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Snapshots;

/// <summary>
/// The weights of dense runs at the steps that late rewinding begins with. They follow from the run's specification, so that a file
/// that is missing or damaged is replaced.
/// </summary>
internal sealed partial class SnapshotStore(RunStore store)
{
    private StorePaths Paths => store.Paths;

    /// <summary>True if a snapshot is kept, whether it can be read or not.</summary>
    public bool Has(RunSpecification dense, int step) => File.Exists(WeightsFile(RunIdentity.Of(dense), step));

    /// <summary>The weights; null where they are not kept, or cannot be read.</summary>
    public Weights? Find(RunSpecification dense, int step)
    {
        string id = RunIdentity.Of(dense), path = WeightsFile(id, step);
        if (!File.Exists(path)) return null;
        try
        {
            return SnapshotFile.Read(path, id, step, dense.Network);
        }
        catch (UserException damaged)
        {
            store.Warn($"{damaged.Message.TrimEnd('.')}; the dense run is trained to step {step} again.");
            return null;
        }
    }

    /// <summary>Keeps the weights; when it returns, the disk has them.</summary>
    public void Keep(RunSpecification dense, int step, Weights weights)
    {
        string id = RunIdentity.Of(dense), path = WeightsFile(id, step);
        StoreErrors.Guard(path, () =>
        {
            // No folder is removed between here and the file.
            using Claim held = Paths.TakeLock();
            StoreDisk.CreateFolder(Paths.Snapshot(id, step));
            DurableFile.Replace(path, file => SnapshotFile.Write(file, id, step, weights));
        });
    }

    /// <summary>The claim of a snapshot that is to be made; null while another has it.</summary>
    public Claim? TryClaim(RunSpecification dense, int step)
    {
        store.Create();
        string folder = Paths.Snapshot(RunIdentity.Of(dense), step);
        return StoreErrors.Guard(folder, () =>
        {
            using Claim held = Paths.TakeLock();
            StoreDisk.CreateFolder(folder);
            return Paths.Claims.TryTake(Path.Combine(folder, StorePaths.ClaimFile));
        });
    }

    /// <summary>Removes the snapshots of dense runs that no process makes at the moment; the store's lock must be held.</summary>
    /// <param name="paths">The store.</param>
    /// <param name="ids">Ids of the runs; null for all.</param>
    /// <param name="unfinished">Whether only those without weights are removed.</param>
    /// <returns>The number of bytes freed.</returns>
    public static long Remove(StorePaths paths, IReadOnlyCollection<string>? ids, bool unfinished)
    {
        long freed = 0;
        foreach ((string folder, string id) in Folders(paths))
            if (ids?.Contains(id) != false && !(unfinished && File.Exists(Path.Combine(folder, StorePaths.WeightsFile))) && !IsClaimed(paths, folder))
                freed += Remove(folder);
        return freed;
    }

    /// <summary>Removes what crashes left of snapshots, but for checkpoints that can be resumed; the store's lock must be held.</summary>
    /// <returns>The number of bytes freed.</returns>
    public static long Collect(StorePaths paths)
    {
        long freed = 0;
        foreach ((string folder, _) in Folders(paths))
        {
            if (IsClaimed(paths, folder)) continue;
            freed += StoreFolder.RemoveFiles(folder, StorePaths.SnapshotFiles, onlyTemporary: true);
            bool isFinished = File.Exists(Path.Combine(folder, StorePaths.WeightsFile)), isResumable = File.Exists(StorePaths.SnapshotCheckpoint(folder));
            if (isFinished) freed += StoreFolder.RemoveFiles(folder, StorePaths.SnapshotFiles.Except([StorePaths.WeightsFile]));
            else if (!isResumable) freed += Remove(folder);
        }
        return freed;
    }

    /// <summary>The snapshots that are not as they were written, and what is wrong, as a clause.</summary>
    public static IEnumerable<(string Path, string What)> Damaged(StorePaths paths) =>
        from one in Folders(paths)
        let path = Path.Combine(one.Folder, StorePaths.WeightsFile)
        where RegularFile.IsThere(path)
        let wrong = SnapshotFile.Check(path)
        where wrong is not null
        select (path, wrong);

    private static IEnumerable<(string Folder, string Id)> Folders(StorePaths paths) =>
        from name in StoreFolder.IsOwn(paths.Snapshots) ? StoreFolder.NamesIn(paths.Snapshots) : []
        where SnapshotName().IsMatch(name) && StoreFolder.IsOwn(Path.Combine(paths.Snapshots, name))
        select (Path.Combine(paths.Snapshots, name), name[..64]);

    // Claims are taken under the store's lock, so that none is taken between this and what follows.
    private static bool IsClaimed(StorePaths paths, string folder) => paths.Claims.IsHeld(Path.Combine(folder, StorePaths.ClaimFile));

    private static long Remove(string folder)
    {
        long freed = StoreFolder.RemoveFiles(folder, StorePaths.SnapshotFiles);
        StoreFolder.RemoveEmpty(folder);
        return freed;
    }

    private string WeightsFile(string id, int step) => Path.Combine(Paths.Snapshot(id, step), StorePaths.WeightsFile);

    [GeneratedRegex(@"^[0-9a-f]{64}-[0-9]{1,10}\z")]
    private static partial Regex SnapshotName();
}
