using Lottery.Studies.Store.Snapshots;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>A file beside the runs that is not as it was written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Problem">What is wrong with it, and what to do, in a sentence.</param>
internal sealed record DamagedFile(string Path, string Problem);

/// <summary>Checks what a store has beside its runs: the lists of studies, and the weights that runs are rewound to.</summary>
internal static class ListVerifier
{
    /// <summary>The files that are not as they were written.</summary>
    public static IEnumerable<DamagedFile> Check(StorePaths paths)
    {
        List<DamagedFile> damaged = [];
        string file = "";
        var studies = new StudyLists(paths, problem => damaged.Add(new(file, problem)));
        foreach (string study in studies.Names.ToList())
        {
            file = paths.Study(study);
            _ = studies.Read(study);
        }
        return damaged.Concat(SnapshotStore.Damaged(paths)
            .Select(one => new DamagedFile(one.Path, $"{one.Path} is damaged: {one.What}; it is written again when a run is rewound to it, so delete it.")));
    }
}
