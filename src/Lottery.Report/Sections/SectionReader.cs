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
    private readonly Dictionary<string, RunRecord> _records = store.List().ToDictionary(run => run.Id);
    private readonly Dictionary<string, StoredRun?> _read = [];
    private readonly List<string> _problems = [];

    /// <summary>A sentence for each listed run that cannot be read.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The sections of the finished runs among <paramref name="ids"/>.</summary>
    /// <param name="ids">Ids, in the order in which conditions are shown.</param>
    /// <param name="name">The heading of all of them, for example a study's name; null to use network and data.</param>
    public ImmutableArray<ReportSection> Read(IEnumerable<string> ids, string? name = null)
    {
        StoredRun[] runs = [.. ids.Distinct().Select(Find).OfType<StoredRun>()];
        StoredRun[] pruned = [.. runs.Where(run => !run.IsRoot)], roots = [.. runs.Except(pruned)];
        List<(StoredRun[] Pruned, StoredRun[] Roots)> groups =
            [.. pruned.GroupBy(run => run.Shared).Select(group => (group.ToArray(), RootsOf([.. group], roots)))];
        StoredRun[] unpruned = [.. roots.Except(groups.SelectMany(group => group.Roots))];
        groups.AddRange(unpruned.GroupBy(run => run.Shared).Select(group => ((StoredRun[])[], group.ToArray())));
        return
        [
            .. groups.Select((group, i) =>
            {
                string number = groups.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{i + 1}");
                string common = Describe(group.Pruned.Concat(group.Roots).First().Record);
                return CreateSection(group.Pruned, group.Roots,
                    name is null ? common : groups.Count == 1 ? name : $"{name}: {common}", $"{name ?? "runs"}{number}");
            }),
        ];
    }

    /// <summary>The level-0 runs from which <paramref name="pruned"/> were pruned, whether they were named or not.</summary>
    private StoredRun[] RootsOf(StoredRun[] pruned, StoredRun[] named) =>
    [
        .. named.Where(run => run.Shared == pruned[0].Shared)
            .Concat(pruned.Select(run => Root(run.Record)).OfType<RunRecord>().DistinctBy(run => run.Id)
                .Select(record => Find(record.Id)).OfType<StoredRun>())
            .DistinctBy(run => run.Id).OrderBy(run => run.Record.Seed),
    ];

    private RunRecord? Root(RunRecord run)
    {
        RunRecord? current = run;
        while (current is not (null or { Level: 0, Control: "none" }))
            current = (current.Ticket ?? current.Parent) is { } parent ? _records.GetValueOrDefault(parent) : null;
        return current;
    }

    private StoredRun? Find(string id)
    {
        if (_read.TryGetValue(id, out StoredRun? known)) return known;
        if (!_records.TryGetValue(id, out RunRecord? record)) return null;
        try
        {
            return _read[id] = StoredRun.Read(store, record);
        }
        catch (UserException damaged)
        {
            _problems.Add(damaged.Message);
            return _read[id] = null;
        }
    }

    private static string Describe(RunRecord run) => $"{run.Network} on {run.Data}, "
        + (run is { Level: > 0, Steps: 0 } ? "untrained" : $"{NumberFormat.Count(run.Steps)} steps");

    private static ReportSection CreateSection(StoredRun[] pruned, StoredRun[] roots, string name, string anchor)
    {
        // An initial mask that was only compared with its controls is a condition itself.
        var groups = ConditionGroups.Create(pruned.Any(run => run.Outcome.Control == Control.None) ? pruned : [.. roots, .. pruned]);
        // The protocol of Frankle & Carbin is the reference if it was run.
        int reference = Math.Max(0, groups.Groups.ToList().FindIndex(group =>
            group.Runs[0].Record is { Criterion: "large-final" or null, Mask1: "rewind" or null, Mask0: "zero" or null, Control: "none" }));
        var ordered = groups.Axes is [StudyTable.ControlAxis] ? [.. groups.Groups.OrderBy(group => group.Runs[0].Outcome.Control)]
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
        ImmutableArray<string> values, ImmutableArray<StoredRun> runs, StoredRun[] roots, ImmutableArray<string> axes, int slot)
    {
        Control control = runs[0].Outcome.Control;
        // The name of a ticket is its criterion and actions; only a control is named as such.
        string name = axes is [] or [StudyTable.ControlAxis] ? Labels.Of(control)
            : string.Join(", ", values.Where((_, i) => axes[i] != StudyTable.ControlAxis || control != Control.None));
        // A root that was trained differently is not level 0 of this condition.
        IEnumerable<StoredRun> all = runs.Concat(control == Control.None || runs[0].Record.GivenMask is null
            ? roots.Where(run => run.Shared == runs[0].Shared) : []).DistinctBy(run => run.Id);
        return new(name, slot, values,
            [.. all.GroupBy(run => run.Record.Level).OrderBy(level => level.Key).Select(LevelRuns.Of)]);
    }
}
