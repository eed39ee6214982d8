using System.Collections.Immutable;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;
using Lottery.Studies.Store.Snapshots;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>What was discarded.</summary>
/// <param name="Ids">The runs whose checkpoint and records were removed.</param>
/// <param name="Running">The runs that a process trains, which were not touched.</param>
/// <param name="Freed">The number of bytes freed.</param>
internal sealed record DiscardedLeftovers(ImmutableArray<string> Ids, ImmutableArray<string> Running, long Freed);

/// <summary>Removes the checkpoints and records of runs that were interrupted or failed, never of a run that a process trains.</summary>
internal sealed class LeftoverRemoval(StorePaths paths)
{
    /// <summary>Removes what is left of runs, and the jobs of which no run is left.</summary>
    /// <param name="ids">Full ids; null for all.</param>
    /// <exception cref="UserException">The store cannot be written.</exception>
    public DiscardedLeftovers Remove(IReadOnlyCollection<string>? ids) => StoreErrors.Guard(paths.Root, () =>
    {
        using Claim held = paths.TakeLock();
        var removed = ImmutableArray.CreateBuilder<string>();
        var running = ImmutableArray.CreateBuilder<string>();
        long freed = 0;
        string[] left = StoreFolder.IsOwn(paths.Active) ? [.. StoreFolder.NamesIn(paths.Active).Where(RunIdentity.IsId).Order(StringComparer.Ordinal)] : [];
        foreach (string id in ids is null ? left : left.Intersect(ids))
        {
            if (!StoreFolder.IsOwn(paths.ActiveRun(id))) continue;
            using Claim? claim = paths.Claims.TryTake(paths.Claim(id));
            (claim is null ? running : removed).Add(id);
            if (claim is not null) freed += ActiveRunFolder.Remove(paths, id, claim);
        }
        if (ids is null) freed += SnapshotStore.Remove(paths, ids: null, unfinished: true);
        HashSet<string> stay = [.. left.Except(removed)];
        foreach (string name in StoreFolder.IsOwn(paths.Jobs) ? StoreFolder.NamesIn(paths.Jobs) : [])
            if (ActiveJob.Read(paths, name) is { Running: false } job && !job.Runs.Any(run => stay.Contains(run.Id))
                && (ids is null || job.Runs.Any(run => removed.Contains(run.Id))))
                freed += GarbageCollection.RemoveJob(paths, name);
        return new DiscardedLeftovers(removed.ToImmutable(), running.ToImmutable(), freed);
    });
}
