using Lottery.Studies.Store.Snapshots;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>Checks what a store has beside its runs: the lists of studies, and the weights that runs are rewound to.</summary>
internal static class ListVerifier
{
    /// <summary>A sentence for each file that is not as it was written.</summary>
    public static IEnumerable<string> Check(StorePaths paths)
    {
        List<string> problems = [];
        var studies = new StudyLists(paths, problems.Add);
        foreach (string study in studies.Names.ToList()) _ = studies.Read(study);
        return problems.Concat(SnapshotStore.Damaged(paths)
            .Select(damaged => $"{damaged.Path} is damaged: {damaged.What}; it is written again when a run is rewound to it, so delete it."));
    }
}
