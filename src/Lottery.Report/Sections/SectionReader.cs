using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>Groups runs of a store into sections by what their specifications have in common.</summary>
/// <param name="store">The store that holds the runs.</param>
internal sealed class SectionReader(RunStore store)
{
    private readonly Dictionary<string, RunSummary> _runs = store.List().ToDictionary(run => run.Id);

    /// <summary>The sections of the finished runs among <paramref name="ids"/>.</summary>
    /// <param name="ids">Ids, in the order in which conditions are shown.</param>
    /// <param name="name">The heading of all of them, for example a study's name; null to use network and data.</param>
    public ImmutableArray<ReportSection> Read(IEnumerable<string> ids, string? name = null)
    {
        RunSummary[] runs = [.. ids.Distinct().Select(id => _runs.GetValueOrDefault(id)).OfType<RunSummary>()];
        RunSummary[] pruned = [.. runs.Where(run => !run.IsRoot)], roots = [.. runs.Except(pruned)];
        List<(RunSummary[] Pruned, RunSummary[] Roots)> groups =
            [.. pruned.GroupBy(run => SpecificationFields.Shared(run)).Select(group => (group.ToArray(), RootsOf([.. group], roots)))];
        RunSummary[] unpruned = [.. roots.Except(groups.SelectMany(group => group.Roots))];
        groups.AddRange(unpruned.GroupBy(run => SpecificationFields.Shared(run)).Select(group => ((RunSummary[])[], group.ToArray())));
        return
        [
            .. groups.Select((group, i) =>
            {
                string number = groups.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{i + 1}");
                string common = Describe(group.Pruned.Concat(group.Roots).First());
                return CreateSection(group.Pruned, group.Roots,
                    name is null ? common : groups.Count == 1 ? name : $"{name}: {common}", $"{name ?? "runs"}{number}");
            }),
        ];
    }

    /// <summary>The level-0 runs from which <paramref name="pruned"/> were pruned, whether they were named or not.</summary>
    private RunSummary[] RootsOf(RunSummary[] pruned, RunSummary[] named) =>
    [
        .. named.Where(run => SpecificationFields.Shared(run) == SpecificationFields.Shared(pruned[0]))
            .Concat(pruned.Select(Root).OfType<RunSummary>())
            .DistinctBy(run => run.Id).OrderBy(run => run.Seed),
    ];

    private RunSummary? Root(RunSummary run)
    {
        RunSummary? current = run;
        while (current is { IsRoot: false })
            current = (current.Ticket ?? current.Parent) is { } parent ? _runs.GetValueOrDefault(parent) : null;
        return current;
    }

    private static string Describe(RunSummary run) => $"{run.Network} on {run.Data}, "
        + (run is { Level: > 0, Steps: 0 } ? "untrained" : $"{NumberFormat.Count(run.Steps)} steps");

    private static ReportSection CreateSection(RunSummary[] pruned, RunSummary[] roots, string name, string anchor)
    {
        // An initial mask that was only compared with its controls is a condition itself.
        var groups = ConditionGroups.Create(pruned.Any(run => run.Control == Control.None) ? pruned : [.. roots, .. pruned]);
        // The protocol of Frankle & Carbin is the reference if it was run.
        int reference = Math.Max(0, groups.Groups.ToList().FindIndex(group =>
            group.Runs[0] is { Criterion: "large-final" or null, Mask1: "rewind" or null, Mask0: "zero" or null, Control: Control.None }));
        var ordered = groups.Axes is [StudyTable.ControlAxis] ? [.. groups.Groups.OrderBy(group => group.Runs[0].Control)]
            : groups.Groups.RemoveAt(reference).Insert(0, groups.Groups[reference]);
        return new()
        {
            Name = name,
            Anchor = anchor,
            Axes = groups.Axes,
            Conditions = [.. ordered.Select((group, slot) => CreateCondition(group.Values, group.Runs, roots, groups.Axes, slot))],
            Roots = [.. roots],
        };
    }

    private static Condition CreateCondition(
        ImmutableArray<string> values, ImmutableArray<RunSummary> runs, RunSummary[] roots, ImmutableArray<string> axes, int slot)
    {
        Control control = runs[0].Control;
        // The name of a ticket is its criterion and actions; only a control is named as such.
        string name = axes is [] or [StudyTable.ControlAxis] ? Labels.Of(control)
            : string.Join(", ", values.Where((_, i) => axes[i] != StudyTable.ControlAxis || control != Control.None));
        // A root that was trained differently is not level 0 of this condition.
        IEnumerable<RunSummary> all = runs.Concat(control == Control.None || runs[0].Specification.Start?.Mask is null
            ? roots.Where(run => SpecificationFields.Shared(run) == SpecificationFields.Shared(runs[0])) : []).DistinctBy(run => run.Id);
        return new(name, slot, values,
            [.. all.GroupBy(run => run.Level).OrderBy(level => level.Key).Select(LevelRuns.Of)]);
    }
}
