using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>Sorts the runs of a store into sections, by what their specifications have in common.</summary>
/// <param name="store">Where the runs are kept.</param>
internal sealed class SectionReader(RunStore store)
{
    private readonly Dictionary<string, RunRecord> _records = store.List().ToDictionary(run => run.Id);
    private readonly Dictionary<string, StoredRun?> _read = [];
    private readonly List<string> _problems = [];

    /// <summary>A sentence for each run that is listed but cannot be read.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The sections of the runs among <paramref name="ids"/> that are finished.</summary>
    /// <param name="ids">Ids in the order in which conditions shall stand.</param>
    /// <param name="name">The name of all of them together, as a study's; null where each goes by its network and data.</param>
    public ImmutableArray<ReportSection> Read(IEnumerable<string> ids, string? name = null)
    {
        StoredRun[] runs = [.. ids.Distinct().Select(Find).OfType<StoredRun>()];
        StoredRun[] cut = [.. runs.Where(run => !run.IsRoot)], roots = [.. runs.Except(cut)];
        List<(StoredRun[] Cut, StoredRun[] Roots)> groups =
            [.. cut.GroupBy(run => run.Shared).Select(group => (group.ToArray(), RootsOf([.. group], roots)))];
        StoredRun[] alone = [.. roots.Except(groups.SelectMany(group => group.Roots))];
        groups.AddRange(alone.GroupBy(run => run.Shared).Select(group => ((StoredRun[])[], group.ToArray())));
        return
        [
            .. groups.Select((group, i) =>
            {
                string number = groups.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{i + 1}");
                string alike = Alike(group.Cut.Concat(group.Roots).First().Record);
                return SectionOf(group.Cut, group.Roots,
                    name is null ? alike : groups.Count == 1 ? name : $"{name}: {alike}", $"{name ?? "runs"}{number}");
            }),
        ];
    }

    /// <summary>The runs that masks were cut from come along, whether they were named or not.</summary>
    private StoredRun[] RootsOf(StoredRun[] cut, StoredRun[] named) =>
    [
        .. named.Where(run => run.Shared == cut[0].Shared)
            .Concat(cut.Select(run => Root(run.Record)).OfType<RunRecord>().DistinctBy(run => run.Id)
                .Select(record => Find(record.Id)).OfType<StoredRun>())
            .DistinctBy(run => run.Id).OrderBy(run => run.Record.Seed),
    ];

    private RunRecord? Root(RunRecord run)
    {
        RunRecord? at = run;
        while (at is not (null or { Level: 0, Control: "none" }))
            at = (at.Ticket ?? at.Parent) is { } before ? _records.GetValueOrDefault(before) : null;
        return at;
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

    private static string Alike(RunRecord run) => $"{run.Network} on {run.Data}, "
        + (run is { Level: > 0, Steps: 0 } ? "untrained" : $"{NumberFormat.Count(run.Steps)} steps");

    private static ReportSection SectionOf(StoredRun[] cut, StoredRun[] roots, string name, string anchor)
    {
        // A given mask that was only compared with its controls is a condition itself.
        var cells = ConditionGroups.Of(cut.Any(run => run.Outcome.Control == Control.None) ? cut : [.. roots, .. cut]);
        // The protocol of Frankle & Carbin is what others are compared with, where it is there.
        int reference = Math.Max(0, cells.Cells.ToList().FindIndex(cell =>
            cell.Runs[0].Record is { Criterion: "large-final" or null, Mask1: "rewind" or null, Mask0: "zero" or null, Control: "none" }));
        var ordered = cells.Axes is [StudyTable.Control] ? [.. cells.Cells.OrderBy(cell => cell.Runs[0].Outcome.Control)]
            : cells.Cells.RemoveAt(reference).Insert(0, cells.Cells[reference]);
        return new()
        {
            Name = name,
            Anchor = anchor,
            Axes = cells.Axes,
            Conditions = [.. ordered.Select((cell, slot) => ConditionOf(cell.Values, cell.Runs, roots, cells.Axes, slot))],
            Roots = [.. roots],
        };
    }

    private static Condition ConditionOf(
        ImmutableArray<string> values, ImmutableArray<StoredRun> runs, StoredRun[] roots, ImmutableArray<string> axes, int slot)
    {
        Control control = runs[0].Outcome.Control;
        // A ticket is what it is by its criterion and actions; only a control needs to be told.
        string name = axes is [] or [StudyTable.Control] ? NumberFormat.Heading(control)
            : string.Join(", ", values.Where((_, i) => axes[i] != StudyTable.Control || control != Control.None));
        // What was trained otherwise is no start of this line.
        IEnumerable<StoredRun> line = runs.Concat(control == Control.None || runs[0].Record.GivenMask is null
            ? roots.Where(run => run.Shared == runs[0].Shared) : []).DistinctBy(run => run.Id);
        return new(name, slot, values,
        [
            .. line.GroupBy(run => run.Record.Level).OrderBy(level => level.Key)
                .Select(level => LevelRuns.Of(level)),
        ]);
    }
}
