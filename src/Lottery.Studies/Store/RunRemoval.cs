using System.Collections.Immutable;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Store;

/// <summary>Takes finished runs out of a store, never one that another run still comes from.</summary>
internal sealed class RunRemoval(RunStore store, RunIndex index, StudyLists studies)
{
    private StorePaths Paths => store.Paths;

    /// <summary>Removes runs by their full ids.</summary>
    /// <exception cref="UserException">A run that stays or is under way comes from one of them.</exception>
    public void Remove(ImmutableHashSet<string> ids) => StoreErrors.Guard(Paths.Runs, () =>
    {
        if (ids.FirstOrDefault(id => !Directory.Exists(Paths.Run(id))) is { } unknown)
            throw new UserException(
                $"There is no finished run {unknown} in {Paths.Root}; 'lottery runs list' shows those there are.");
        using FileLock held = FileLock.Take(Paths.LockFile);
        IReadOnlyList<RunRecord> records = index.Read(locked: true);
        foreach (RunRecord record in records)
            if (!ids.Contains(record.Id)) RequireNone(ids, record.Id, record.Parent, record.Ticket);
        foreach (RunUnderway run in store.ListUnderway())
            RequireNone(ids, run.Id, run.Parent, null);

        Directory.CreateDirectory(Paths.Removed);
        // Renamed first, so that a crash leaves no run half removed; what is left is swept by the next collection.
        foreach (string id in ids)
            Directory.Move(Paths.Run(id), Path.Combine(Paths.Removed, $"{id}-{Guid.NewGuid():N}"));
        // Deleted before the lists are written: on a full disk there is no room for them until then.
        Directory.Delete(Paths.Removed, recursive: true);
        index.Replace(records.Where(record => !ids.Contains(record.Id)));
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
