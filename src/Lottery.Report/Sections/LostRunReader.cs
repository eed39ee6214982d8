using System.Collections.Immutable;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.Report.Sections;

/// <summary>Finds the runs of a section that failed or were skipped.</summary>
/// <param name="store">The store.</param>
/// <param name="finished">The finished runs, by id.</param>
internal sealed class LostRunReader(RunStore store, IReadOnlyDictionary<string, RunSummary> finished)
{
    private readonly Lazy<Dictionary<string, ActiveRun>> _active = new(() => store.ListActive().ToDictionary(run => run.Id));

    /// <summary>What is missing of runs that all belong to one section.</summary>
    /// <param name="planned">Their ids, finished or not.</param>
    /// <param name="axes">The settings by which conditions are named.</param>
    public MissingRuns Among(ImmutableArray<string> planned, ImmutableArray<RunField> axes)
    {
        string[] unfinished = [.. planned.Where(id => !finished.ContainsKey(id))];
        return unfinished.Length == 0 ? MissingRuns.None : new(planned.Length, planned.Length - unfinished.Length, [.. Lost(unfinished).Select(run => Describe(run, axes))]);
    }

    /// <summary>What failed of runs of which some belong to other sections: those that share the settings of <paramref name="section"/>.</summary>
    /// <param name="planned">Their ids, finished or not.</param>
    /// <param name="section">The finished runs of the section; at least one.</param>
    /// <param name="by">Settings that may differ within the section.</param>
    /// <param name="axes">The settings by which conditions are named.</param>
    public MissingRuns AmongSection(IReadOnlyCollection<string> planned, RunSummary[] section, ImmutableArray<RunField> by, ImmutableArray<RunField> axes)
    {
        var keys = new Lazy<HashSet<string>>(() => [.. section.Select(run => RunSettings.SharedKey(run, by))]);
        LostRun[] lost = [.. Lost(planned.Where(id => !finished.ContainsKey(id))).Where(run => IsOfSection(run)).Select(run => Describe(run, axes))];
        return lost.Length == 0 ? MissingRuns.None : new(section.Length + lost.Length, section.Length, [.. lost]);

        bool IsOfSection(ActiveRun run) => Specification(run) is { } specification && keys.Value.Contains(RunSettings.SharedKey(specification, by));
    }

    private IEnumerable<ActiveRun> Lost(IEnumerable<string> ids) =>
        ids.Select(id => _active.Value.GetValueOrDefault(id)).OfType<ActiveRun>().Where(run => run.Failure is not null);

    private LostRun Describe(ActiveRun run, ImmutableArray<RunField> axes)
    {
        RunSpecification? specification = Specification(run);
        string condition = specification is null ? run.Condition : Labels.Condition(axes, axes.Select(axis => IsOfAll(axis) ? null : Labels.Value(axis, specification)));
        RunFailure failure = run.Failure!;
        return new(run.Id, condition, specification is null ? "" : RunSettings.ConditionKey(specification), run.Seed, run.Level, failure.Reason!.TrimEnd('.'), failure.IsSkipped)
        {
            Attempts = failure.Attempts,
        };

        // The dense network is that of the tickets and of their controls.
        bool IsOfAll(RunField axis) => axis.Name == StudyTable.ControlAxis && run is { Level: 0, Control: Control.None };
    }

    /// <summary>What was asked; null if a run that it comes from is not in the store.</summary>
    private RunSpecification? Specification(ActiveRun run)
    {
        try
        {
            return Read(run);
        }
        catch (Exception unreadable) when (unreadable is KeyNotFoundException || RunFile.IsMalformed(unreadable))
        {
            return null;
        }

        RunSpecification Read(ActiveRun one) => SpecificationJson.Read(
            one.Specification, one.Network, id => finished.TryGetValue(id, out RunSummary? known) ? known.Specification : Read(_active.Value[id]));
    }
}
