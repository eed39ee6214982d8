using System.Collections.Immutable;
using System.Globalization;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Tables;

namespace Lottery.Chapters;

/// <summary>Sorts the runs of a store into chapters, by what their specifications have in common.</summary>
/// <param name="store">Where the runs are kept.</param>
public sealed class ChapterReader(RunStore store)
{
    private readonly Dictionary<string, RunRecord> _records = store.List().ToDictionary(run => run.Id);
    private readonly Dictionary<string, ReportedRun> _read = [];

    /// <summary>Runs that are listed but whose files cannot be read, in a sentence each.</summary>
    public ImmutableArray<string> Unreadable { get; private set; } = [];

    /// <summary>The chapters of the runs among <paramref name="ids"/> that are finished.</summary>
    /// <param name="ids">Ids in the order in which treatments shall stand.</param>
    /// <param name="name">The name of all of them together: a study's; null where each goes by its network and data.</param>
    public ImmutableArray<Chapter> Read(IEnumerable<string> ids, string? name = null)
    {
        ReportedRun[] runs = [.. ids.Distinct().Select(Find).OfType<ReportedRun>()];
        ReportedRun[] pruned = [.. runs.Where(run => run.Record.Level > 0)], dense = [.. runs.Except(pruned)];
        List<(ReportedRun[] Pruned, ReportedRun[] Dense)> groups =
            [.. pruned.GroupBy(run => run.Shared).Select(group => (group.ToArray(), DenseOf([.. group], dense)))];
        ReportedRun[] alone = [.. dense.Except(groups.SelectMany(group => group.Dense))];
        groups.AddRange(alone.GroupBy(run => run.Shared).Select(group => ((ReportedRun[])[], group.ToArray())));
        return [.. groups.Select((group, i) => Chapter(group.Pruned, group.Dense, name, i, groups.Count))];
    }

    /// <summary>The runs that masks were cut from come along, whether they were named or not.</summary>
    private ReportedRun[] DenseOf(ReportedRun[] pruned, ReportedRun[] named) =>
    [
        .. named.Where(run => run.Shared == pruned[0].Shared)
            .Concat(pruned.Select(run => Root(run.Record)).OfType<RunRecord>().DistinctBy(run => run.Id)
                .Select(record => Find(record.Id)).OfType<ReportedRun>())
            .DistinctBy(run => run.Id).OrderBy(run => run.Record.Seed),
    ];

    private RunRecord? Root(RunRecord run)
    {
        RunRecord? at = run;
        while (at is { Level: > 0 }) at = at.Parent is { } parent ? _records.GetValueOrDefault(parent) : null;
        return at;
    }

    private ReportedRun? Find(string id)
    {
        if (_read.TryGetValue(id, out ReportedRun? known)) return known;
        if (!_records.TryGetValue(id, out RunRecord? record)) return null;
        try
        {
            return _read[id] = ReportedRun.Read(store, record);
        }
        catch (UserException damaged)
        {
            Unreadable = Unreadable.Add(damaged.Message);
            _records.Remove(id);
            return null;
        }
    }

    private static Chapter Chapter(ReportedRun[] pruned, ReportedRun[] dense, string? name, int index, int count)
    {
        ReportedRun[][] cells = [.. (pruned.Length > 0 ? pruned : dense).GroupBy(run => run.Cell).Select(cell => cell.ToArray())];
        cells = [.. cells.OrderBy(cell => cell == Reference(cells) ? 0 : 1)];
        string[] axes = [.. cells.SelectMany(cell => cell[0].Fields.Keys).Distinct()
            .Where(field => cells.Select(cell => cell[0].Fields.GetValueOrDefault(field)).Distinct().Count() > 1)];
        ReportedRun example = cells[0][0];
        string alike = $"{example.Record.Network} on {example.Record.Data}"
            + (example.Record is { Level: > 0, Steps: 0 } ? ", untrained" : $", {Figures.Count(example.Record.Steps)} steps");
        string heading = name is null ? alike : count == 1 ? name : $"{name}: {alike}";
        return new()
        {
            Name = heading,
            Anchor = Anchor(name, index, count),
            Axes = [.. axes.Select(Short)],
            Treatments = [.. cells.Select((cell, slot) => TreatmentOf(cell, dense, axes, slot))],
            Dense = [.. dense],
        };
    }

    /// <summary>The protocol of Frankle &amp; Carbin where it is there, else the first.</summary>
    private static ReportedRun[] Reference(ReportedRun[][] cells) => cells.FirstOrDefault(cell =>
        cell[0].Record is { Criterion: "large-final", Mask1: "rewind", Mask0: "zero", Control: "none" }) ?? cells[0];

    private static Treatment TreatmentOf(ReportedRun[] cell, ReportedRun[] dense, string[] axes, int slot)
    {
        ImmutableArray<string> values = [.. axes.Select(field => Told(field, cell[0].Fields.GetValueOrDefault(field) ?? "–"))];
        string name = axes is ["control"] or [] ? Tables.Figures.Heading(cell[0].Outcome.Control)
            : string.Join(", ", values.Where((value, i) => axes[i] != StudyTable.Control || cell[0].Outcome.Control != Control.None));
        // What was trained otherwise is no start of this line.
        var runs = cell.Concat(dense.Where(run => run.Shared == cell[0].Shared)).DistinctBy(run => run.Id);
        return new(name, slot, values,
        [
            .. runs.GroupBy(run => run.Record.Level).OrderBy(level => level.Key)
                .Select(level => new LevelRuns(level.Key, level.First().Record.Density, [.. level.OrderBy(run => run.Record.Seed)])),
        ]);
    }

    private static string Told(string field, string value) =>
        field == StudyTable.Control ? Tables.Figures.Heading(KebabCase.Parse<Control>(value)) : value;

    private static string Short(string field) => field.Split('.', 2) is ["prune" or "training", string rest] ? rest : field;

    private static string Anchor(string? name, int index, int count) => (name, count) switch
    {
        (null, 1) => "runs",
        (null, _) => string.Create(CultureInfo.InvariantCulture, $"runs-{index + 1}"),
        (_, 1) => name,
        _ => string.Create(CultureInfo.InvariantCulture, $"{name}-{index + 1}"),
    };
}
