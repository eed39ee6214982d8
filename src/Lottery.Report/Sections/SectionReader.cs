using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>Groups runs of a store into sections: a study is one, and otherwise runs with the same network, data and training are.</summary>
internal sealed class SectionReader
{
    private readonly RunStore _store;
    private readonly Func<RunSummary, (int Count, bool AreImages)>? _testSet;
    private readonly Dictionary<string, RunSummary> _runs;
    private readonly LostRunReader _lost;

    /// <summary>A reader of a store.</summary>
    /// <param name="store">The store that holds the runs.</param>
    /// <param name="testSet">The number of examples in the test set of a run's data, and whether they are images; null where that is not known.</param>
    /// <param name="finished">The finished runs; null to list them.</param>
    public SectionReader(RunStore store, Func<RunSummary, (int Count, bool AreImages)>? testSet = null, IEnumerable<RunSummary>? finished = null)
    {
        (_store, _testSet, _runs) = (store, testSet, (finished ?? store.List()).ToDictionary(run => run.Id));
        _lost = new(store, _runs);
    }

    /// <summary>How conditions are measured, compared and judged; what a study states holds where these say nothing.</summary>
    public ComparisonSettings Settings { get; init; } = new();

    /// <summary>The sections of the finished runs among <paramref name="ids"/>.</summary>
    /// <param name="ids">Ids, in the order in which conditions are shown.</param>
    /// <param name="by">Settings that may differ within a section, and that its conditions are named by; by default none.</param>
    /// <param name="planned">Runs that were planned with them, finished or not: a section states those that failed.</param>
    public ImmutableArray<ReportSection> Read(IEnumerable<string> ids, ImmutableArray<RunField> by = default, IReadOnlyCollection<string>? planned = null)
    {
        // With a setting vary those that mean something only for some of its values, as momentum does with the optimizer.
        by = by.IsDefault ? [] : [.. by.Concat(RunFields.Settings.Where(field => by.Any(other => other.Name == field.DependsOn))).Distinct()];
        RunSummary[][] groups = [.. Group(Finished(ids), by)];
        return
        [
            .. groups.Select((group, i) =>
            {
                ReportSection section = CreateSection(group, by, Describe(group, by), Anchor("runs", i, groups.Length), isStudy: false);
                return section with { Missing = _lost.AmongSection(planned ?? [], group, by, Names(section, by)) };
            }),
        ];
    }

    /// <summary>The sections of a study: one, unless its commands trained in several ways, as at two scales.</summary>
    /// <param name="study">The study's name.</param>
    /// <param name="only">Ids of which a section must have one; null for every section.</param>
    /// <returns>The sections; none if no run is finished.</returns>
    public ImmutableArray<ReportSection> ReadStudy(string study, IReadOnlySet<string>? only = null)
    {
        var sections = new Dictionary<string, StudyPartRuns>();
        foreach (StudyPart part in _store.StudyParts(study))
        {
            ImmutableArray<RunField> axes = [.. part.Axes.Select(name => RunFields.All.FirstOrDefault(field => field.Name == name)).OfType<RunField>()];
            RunSummary[][] groups = [.. Group(Finished(part.Runs), axes)];
            foreach (RunSummary[] group in groups)
            {
                string key = $"{string.Join(',', part.Axes)}\n{RunKinds.KindOf(group[^1])}\n{RunSettings.SharedKey(Leaf(group), axes)}";
                StudyPartRuns before = sections.GetValueOrDefault(key, new(axes, [], [], true, null));
                // What is not trained yet cannot be told apart where one command's runs are in several sections; what failed can.
                sections[key] = new(axes, [.. before.Ids.Union(group.Select(run => run.Id))], [.. before.Planned.Union(part.Runs)], before.IsWhole && groups.Length == 1, part);
            }
        }
        StudyPartRuns[] chosen = [.. sections.Values.Where(section => only is null || section.Ids.Any(only.Contains))];
        return
        [
            .. chosen.Select((section, i) =>
            {
                RunSummary[] runs = [.. Finished(section.Ids)];
                string name = chosen.Length == 1 ? study : $"{study}: {Describe(runs, section.Axes)}";
                ReportSection made = CreateSection(runs, section.Axes, name, Anchor(study, i, chosen.Length), isStudy: true, section.Latest);
                ImmutableArray<RunField> names = Names(made, section.Axes);
                return made with { Missing = section.IsWhole ? _lost.Among(section.Planned, names) : _lost.AmongSection(section.Planned, runs, section.Axes, names) };
            }),
        ];
    }

    private IEnumerable<RunSummary> Finished(IEnumerable<string> ids) =>
        ids.Distinct().Select(id => _runs.GetValueOrDefault(id)).OfType<RunSummary>();

    /// <summary>Runs that can be compared: pruned runs with equal settings, except for <paramref name="by"/>, and the level-0 runs that they come from.</summary>
    private IEnumerable<RunSummary[]> Group(IEnumerable<RunSummary> runs, ImmutableArray<RunField> by)
    {
        RunSummary[] all = [.. runs], pruned = [.. all.Where(run => !run.IsRoot)];
        ILookup<string, RunSummary> named = RootsByKey(all.Where(run => run.IsRoot && RunKinds.KindOf(run) != RunKind.Learned), by);
        var used = new HashSet<string>();
        foreach (RunSummary[] group in pruned.GroupBy(run => (RunKinds.KindOf(run), RunSettings.SharedKey(run, by))).Select(group => group.ToArray()))
        {
            RunSummary[] roots = [.. named[RunSettings.SharedKey(group[0], by)].Concat(group.Select(Root).OfType<RunSummary>()).DistinctBy(run => run.Id)];
            used.UnionWith(roots.Select(run => run.Id));
            yield return [.. roots, .. group];
        }
        foreach (var group in all.Where(run => run.IsRoot && !used.Contains(run.Id)).GroupBy(run => (RunKinds.KindOf(run), RunSettings.SharedKey(run, by))))
            yield return [.. group];
    }

    private RunSummary? Root(RunSummary run)
    {
        RunSummary? current = run;
        // A mask that was taken from another search comes from that one's root; its own is found by its settings.
        while (current is { IsRoot: false })
            current = current.Specification.Transfer is null && (current.Ticket ?? current.Parent) is { } parent ? _runs.GetValueOrDefault(parent) : null;
        return current;
    }

    private static RunSummary Leaf(RunSummary[] group) => group.FirstOrDefault(run => !run.IsRoot) ?? group[0];

    /// <summary>The settings by which conditions are named; of what was planned more may vary than between the runs that are finished.</summary>
    private static ImmutableArray<RunField> Names(ReportSection section, ImmutableArray<RunField> by) => [.. by.Union(section.Axes)];

    /// <summary>Network, data and length of a section's training, but for what varies in it.</summary>
    private static string Describe(RunSummary[] runs, ImmutableArray<RunField> by)
    {
        RunSummary leaf = Leaf(runs);
        string[] parts =
        [
            Varies("network") ? "" : leaf.Network, Varies("data") ? "" : $"on {leaf.Data}",
            RunKinds.KindOf(leaf) == RunKind.Untrained ? "untrained" : Varies("steps") ? "" : $"{NumberFormat.Count(leaf.Steps)} steps",
        ];
        return string.Join(", ", ((string[])[$"{parts[0]} {parts[1]}".Trim(), parts[2]]).Where(part => part.Length > 0)) is { Length: > 0 } text ? text : "runs";

        bool Varies(string name) => by.Any(field => field.Name == name);
    }

    private static string Anchor(string name, int index, int count) => count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{index + 1}");

    private ReportSection CreateSection(
        RunSummary[] runs, ImmutableArray<RunField> by, string name, string anchor, bool isStudy, StudyPart? part = null)
    {
        RunSummary[] pruned = [.. runs.Where(run => !run.IsRoot)], roots = [.. runs.Where(run => run.IsRoot)];
        // Level 0 is a condition itself where no ticket comes from it: a mask that was only compared with controls, or a run whose descendants are missing.
        HashSet<string> pruning = [.. pruned.Where(run => run.Control == Control.None).Select(run => RunSettings.SharedKey(Root(run) ?? run))];
        RunSummary[] leaves = [.. pruned, .. roots.Where(run => !pruning.Contains(RunSettings.SharedKey(run)))];
        var groups = ConditionGroups.Create(leaves, by);
        ILookup<string, RunSummary> rootsByKey = RootsByKey(roots);
        (int Count, bool AreImages)? test = _testSet?.Invoke(runs[0]);
        ConditionGroup[] ordered = [.. isStudy ? InOrder(groups.Groups, rootsByKey, runs) : WithReferenceFirst(groups)];
        return new()
        {
            Name = name,
            Anchor = anchor,
            Axes = groups.Axes,
            Conditions = [.. ordered.Select((group, slot) => CreateCondition(group, rootsByKey, groups.Axes, slot))],
            Roots = [.. roots.OrderBy(run => run.Seed)],
            Settings = Settings with
            {
                TestImages = test?.Count ?? 0, Examples = test is { Count: > 0 } known ? ExampleWord.Of(known.AreImages) : ExampleWord.Of(runs[0]), Margin = Settings.Margin ?? part?.Margin, JudgeAt = Settings.JudgeAt ?? (part?.JudgeAt is { } density ? new(density) : null),
            },
        };
    }

    /// <summary>The order in which a study lists its runs, those of its reference first: by level 0, then by what was pruned from it.</summary>
    private static IEnumerable<ConditionGroup> InOrder(ImmutableArray<ConditionGroup> groups, ILookup<string, RunSummary> roots, RunSummary[] runs)
    {
        Dictionary<string, int> index = runs.Index().ToDictionary(run => run.Item.Id, run => run.Index);
        return groups.OrderBy(group => RootsOf(group.Runs[0], roots).Concat(group.Runs).Min(run => index[run.Id]))
            .ThenBy(group => group.Runs.Min(run => index[run.Id]));
    }

    /// <summary>The runs of level 0 from which the runs of a condition were pruned; none for a condition of level 0.</summary>
    private static IEnumerable<RunSummary> RootsOf(RunSummary run, ILookup<string, RunSummary> roots) =>
        run.IsRoot ? [] : roots[RunSettings.SharedKey(run)];

    private static ILookup<string, RunSummary> RootsByKey(IEnumerable<RunSummary> roots, ImmutableArray<RunField> except = default) =>
        roots.ToLookup(run => RunSettings.SharedKey(run, except));

    /// <summary>The protocol of Frankle &amp; Carbin is the reference if it was run; tickets come before their controls.</summary>
    private static IEnumerable<ConditionGroup> WithReferenceFirst(ConditionGroups groups)
    {
        ConditionGroup? reference = groups.Groups.FirstOrDefault(group =>
            group.Runs[0] is { Criterion: "large-final" or null, Mask1: "rewind" or null, Mask0: "zero" or null, Control: Control.None });
        return groups.Axes is [{ Name: StudyTable.ControlAxis }] ? groups.Groups.OrderBy(group => group.Runs[0].Control)
            : reference is null ? groups.Groups : groups.Groups.Remove(reference).Insert(0, reference);
    }

    private static Condition CreateCondition(ConditionGroup group, ILookup<string, RunSummary> roots, ImmutableArray<RunField> axes, int slot)
    {
        RunSummary example = group.Runs[0];
        string name = Labels.Condition(axes, group.Values) is { Length: > 0 } named ? named
            : RunKinds.KindOf(example) == RunKind.Learned ? "supermask" : Labels.Of(example.Control);
        // A root that was trained differently is not level 0 of this condition, and that of an initial mask is not level 0 of its controls.
        bool hasRoot = example.Control == Control.None || example.Specification.Start?.Mask is null;
        IEnumerable<RunSummary> all = group.Runs.Concat(hasRoot ? RootsOf(example, roots) : [])
            .DistinctBy(run => run.Id);
        return new(name, slot, group.Values, [.. all.GroupBy(run => run.Level).OrderBy(level => level.Key).Select(LevelRuns.Of)]);
    }
}

/// <summary>Runs of a study that form one section, whichever commands planned them.</summary>
/// <param name="Axes">The settings that vary.</param>
/// <param name="Ids">The finished runs.</param>
/// <param name="Planned">Every run that these commands planned.</param>
/// <param name="IsWhole">Whether all of them belong to the section.</param>
/// <param name="Latest">What the latest of these commands planned; null before the first.</param>
internal sealed record StudyPartRuns(
    ImmutableArray<RunField> Axes, ImmutableArray<string> Ids, ImmutableArray<string> Planned, bool IsWhole, StudyPart? Latest);
