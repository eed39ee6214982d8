using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Cli.Studies;

/// <summary>A study as a store knows it, without its file: its runs, grouped by what differs in their specifications.</summary>
internal static class StoredStudy
{
    /// <summary>The ids of a study's runs, finished or not.</summary>
    /// <exception cref="UserException">The store has no study of that name.</exception>
    public static ImmutableArray<string> Ids(RunStore store, string name)
    {
        if (!store.StudyNames.Contains(name))
            throw new UserException($"{store.Paths.Root} has no study called '{name}'"
                + (Suggestion.Nearest(name, store.StudyNames) is { } nearest ? $"; did you mean '{nearest}'?"
                    : "; `lottery study list` shows which there are, and a file can be named by its path."));
        return store.Study(name);
    }

    /// <summary>The table of the finished runs among <paramref name="ids"/>, the first cell being the reference.</summary>
    /// <exception cref="UserException">None is finished.</exception>
    public static StudyTable Table(RunStore store, string name, ImmutableArray<string> ids)
    {
        Dictionary<string, RunSummary> finished = store.List().ToDictionary(run => run.Id);
        RunSummary[] runs = [.. ids.Where(finished.ContainsKey).Select(id => finished[id])];
        if (runs.Length == 0)
            throw new UserException($"No run of {name} is finished yet; `lottery study run` with its file continues.");
        RunSummary[] dense = [.. runs.Where(run => run.Specification.IsDense)], pruned = [.. runs.Except(dense)];
        var cells = ConditionGroups.Create(pruned.Length > 0 ? pruned : dense);
        StudyGroup[] groups = [.. cells.Groups.Select(cell => new StudyGroup(cell.Values,
            [
                .. cell.Runs.Concat(dense.Where(run => pruned.Length > 0 && SpecificationFields.Shared(run) == SpecificationFields.Shared(cell.Runs[0]))),
            ]))];
        return StudyTable.Create(cells.Axes, groups, groups[0], testImages: 0);
    }
}
