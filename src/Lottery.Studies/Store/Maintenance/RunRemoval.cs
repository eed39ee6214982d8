using System.Collections.Immutable;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;
using Lottery.Studies.Store.Snapshots;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>What was removed.</summary>
/// <param name="Ids">The runs that are gone.</param>
/// <param name="Kept">Of a study that was removed, the runs that stay because other studies or other runs need them.</param>
internal sealed record RemovedRuns(ImmutableArray<string> Ids, ImmutableArray<string> Kept);

/// <summary>
/// Removes finished runs from a store, never one that a run which can be read comes from. A run that cannot be read can always be
/// removed: what comes from it is left out of every list anyway, and is listed again when it was trained again.
/// </summary>
internal sealed class RunRemoval(RunStore store, RunIndex index, StudyLists studies)
{
    private StorePaths Paths => store.Paths;

    /// <summary>Removes runs by their full ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="withDescendants">Whether the runs that come from them are removed, too.</param>
    /// <exception cref="UserException">A run that stays, or one that a process trains, comes from one of them.</exception>
    public RemovedRuns Remove(IReadOnlyCollection<string> ids, bool withDescendants) => Locked(ancestors =>
    {
        if (ids.FirstOrDefault(id => !ancestors.ContainsKey(id)) is { } unknown)
            throw new UserException($"There is no finished run {unknown} in {Paths.Root}; `lottery runs list` shows those there are.");
        HashSet<string> all = [.. withDescendants ? WithDescendants(ids, ancestors) : ids];
        foreach (string id in ancestors.Keys.Where(id => !all.Contains(id)).Order(StringComparer.Ordinal))
            if (ancestors[id].Ancestors.FirstOrDefault(above => all.Contains(above) && ancestors[above].Readable) is { } used)
                throw new UserException($"Run {RunIdentity.Short(used)} cannot be removed, since run {RunIdentity.Short(id)} comes from it; "
                    + "remove that one as well, or all that come from it by --with-descendants.");
        Remove(all, ancestors);
        return new([.. all.Order(StringComparer.Ordinal)], []);
    });

    /// <summary>Removes a study and its finished runs, but for those that another study has or that a run which stays comes from.</summary>
    /// <param name="study">Its name.</param>
    /// <param name="withDescendants">Whether the runs that come from them are removed, too, whatever study they belong to.</param>
    /// <exception cref="UserException">There is no such study, or a process trains a run that comes from one of them.</exception>
    public RemovedRuns RemoveStudy(string study, bool withDescendants) => Locked(ancestors =>
    {
        ILookup<string, string> known = studies.ByRun();
        string[] finished = [.. studies.Read(study).SelectMany(part => part.Runs).Distinct().Where(ancestors.ContainsKey)];
        HashSet<string> all = [.. finished.Where(id => known[id].All(name => name == study))];
        if (withDescendants) all = [.. WithDescendants(all, ancestors)];
        while (all.RemoveWhere(id => ancestors.Any(other => !all.Contains(other.Key) && other.Value.Ancestors.Contains(id))) > 0)
        {
            // A run that stays keeps those that it comes from, and they in turn those that they come from.
        }
        Remove(all, ancestors);
        studies.Remove(study);
        return new([.. all.Order(StringComparer.Ordinal)], [.. finished.Except(all)]);
    });

    /// <summary>The runs with all that come from them, directly or not.</summary>
    public static IReadOnlyCollection<string> WithDescendants(
        IEnumerable<string> ids, IReadOnlyDictionary<string, (bool Readable, IReadOnlyList<string> Ancestors)> ancestors)
    {
        ILookup<string, string> children = ancestors.SelectMany(run => run.Value.Ancestors.Select(above => (above, run.Key)))
            .ToLookup(pair => pair.above, pair => pair.Key);
        HashSet<string> all = [.. ids];
        var next = new Queue<string>(all);
        while (next.TryDequeue(out string? id))
            foreach (string child in children[id])
                if (all.Add(child)) next.Enqueue(child);
        return all;
    }

    private RemovedRuns Locked(Func<IReadOnlyDictionary<string, (bool Readable, IReadOnlyList<string> Ancestors)>, RemovedRuns> remove) =>
        StoreErrors.Guard(Paths.Runs, () =>
        {
            using Claim held = Paths.TakeLock();
            return remove(index.ReadAncestors(locked: true));
        });

    private void Remove(HashSet<string> ids, IReadOnlyDictionary<string, (bool Readable, IReadOnlyList<string> Ancestors)> ancestors)
    {
        // An interrupted run can do without the run that it comes from, which is trained again to the same bits.
        if (store.ListActive().FirstOrDefault(run => run.Running && run.Parent is { } parent && ids.Contains(parent)) is { } running)
            throw new UserException($"Run {RunIdentity.Short(running.Parent!)} cannot be removed while run {RunIdentity.Short(running.Id)}, which comes "
                + "from it, is being trained: stop that command first.");
        if (ids.Count == 0) return;
        StoreDisk.CreateFolder(Paths.Removed);
        if (!StoreFolder.IsOwn(Paths.Removed)) throw new UserException($"{Paths.Removed} is a link, and runs are removed inside the store only: remove the link.");
        // Renamed first, so that a crash leaves no run half removed; what is left is swept by the next collection.
        string[] renamed = [.. AncestorsLast(ids, ancestors).Select(Rename)];
        // Deleted before the lists are written: a full disk has no space for them until then.
        foreach (string folder in renamed) StoreFolder.Remove(folder);
        StoreFolder.RemoveEmpty(Paths.Removed);
        SnapshotStore.Remove(Paths, ids, unfinished: false);
        index.Remove(ids);
        studies.Remove(ids);
    }

    /// <summary>Every run before those that it comes from: whatever a crash leaves can be read.</summary>
    private static IEnumerable<string> AncestorsLast(
        HashSet<string> ids, IReadOnlyDictionary<string, (bool Readable, IReadOnlyList<string> Ancestors)> ancestors)
    {
        var depths = new Dictionary<string, int>();
        var chain = new Stack<string>(ids);
        while (chain.TryPeek(out string? id))
        {
            string[] above = [.. ancestors[id].Ancestors.Where(ids.Contains)];
            // A run of a damaged store may come from itself.
            string[] unknown = depths.TryAdd(id, 0) ? [.. above.Where(other => !depths.ContainsKey(other))] : [];
            foreach (string other in unknown) chain.Push(other);
            if (unknown.Length > 0) continue;
            depths[id] = above.Length == 0 ? 0 : 1 + above.Max(other => depths.GetValueOrDefault(other));
            chain.Pop();
        }
        return ids.OrderByDescending(id => depths[id]);
    }

    private string Rename(string id)
    {
        string removed = Path.Combine(Paths.Removed, $"{Guid.NewGuid():N}");
        StoreDisk.RenameFolder(Paths.Run(id), removed);
        return removed;
    }
}
