using System.Collections.Immutable;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Activity;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>Removes finished runs from a store, never one that another run comes from.</summary>
internal sealed class RunRemoval(RunStore store, RunIndex index, StudyLists studies)
{
    private StorePaths Paths => store.Paths;

    /// <summary>Removes runs by their full ids.</summary>
    /// <exception cref="UserException">A run that stays, or an active one, comes from one of them.</exception>
    public void Remove(ImmutableHashSet<string> ids) => StoreErrors.Guard(Paths.Runs, () =>
    {
        if (ids.FirstOrDefault(id => !Directory.Exists(Paths.Run(id))) is { } unknown)
            throw new UserException(
                $"There is no finished run {unknown} in {Paths.Root}; 'lottery runs list' shows those there are.");
        using FileLock held = FileLock.Take(Paths.LockFile);
        foreach (RunSummary run in index.Read(locked: true))
            if (!ids.Contains(run.Id)) RequireNone(ids, run.Id, run.Parent, run.Ticket);
        foreach (ActiveRun run in store.ListActive())
            RequireNone(ids, run.Id, run.Parent, null);

        Directory.CreateDirectory(Paths.Removed);
        // Renamed first, so that a crash leaves no run half removed; what is left is swept by the next collection.
        foreach (string id in ids)
            Directory.Move(Paths.Run(id), Path.Combine(Paths.Removed, $"{id}-{Guid.NewGuid():N}"));
        // Deleted before the lists are written: a full disk has no space for them until then.
        Directory.Delete(Paths.Removed, recursive: true);
        index.Remove(ids);
        studies.Remove(ids);
    });

    private static void RequireNone(ImmutableHashSet<string> ids, string id, params string?[] ancestors)
    {
        if (ancestors.FirstOrDefault(ancestor => ancestor is not null && ids.Contains(ancestor)) is { } used)
            throw new UserException(
                $"Run {RunIdentity.Short(used)} cannot be removed, since run {RunIdentity.Short(id)} comes from it; "
                + "remove that one as well.");
    }
}
