using System.Collections.Immutable;
using Lottery.Report.Tables;
using Lottery.Specifications;

namespace Lottery.Report.Sections;

/// <summary>Runs of one network on the same data, trained alike: what one chart can hold together.</summary>
internal sealed record ReportSection
{
    /// <summary>Its heading.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in anchors and files: lower-case letters, digits and hyphens, unique in its report.</summary>
    public required string Anchor { get; init; }

    /// <summary>What its conditions differ in; empty where there is one.</summary>
    public required ImmutableArray<string> Axes { get; init; }

    /// <summary>The conditions, the reference first.</summary>
    public required ImmutableArray<Condition> Conditions { get; init; }

    /// <summary>What the masks were cut from at first, one run a seed: dense networks, or given masks.</summary>
    public required ImmutableArray<StoredRun> Roots { get; init; }

    /// <summary>True where masks are evaluated on weights that were never trained.</summary>
    public bool IsUntrained => Conditions[0].Levels[^1].Runs[0] is { Record: { Level: > 0, Steps: 0 } };

    /// <summary>True where masks were learned on weights that never move.</summary>
    public bool IsLearned => Conditions[0].Levels[^1].Runs[0].Record.Supermask is not null;

    /// <summary>Every run once: the roots, then by condition.</summary>
    public IEnumerable<StoredRun> Runs => Roots.Concat(Conditions.SelectMany(condition => condition.Runs)).DistinctBy(run => run.Id);

    /// <summary>The most replicates of any level.</summary>
    public int Replicates => Conditions.Max(condition => condition.Levels.Max(level => level.Runs.Length));

    /// <summary>Every condition held against the reference, density by density.</summary>
    public StudyTable Table => StudyTable.Of(Axes, Groups, Groups[0], testImages: 0);

    /// <summary>What was found, in words that state how sure it is.</summary>
    public string Finding => IsSearch ? SearchFinding(Conditions.SelectMany(one => one.Runs))
        : IsUntrained ? UntrainedFinding()
        : StudyFinding.Of(Table);

    /// <summary>One search, perhaps with its controls: what differs is the control alone.</summary>
    private bool IsSearch => Axes.All(axis => axis == StudyTable.Control) && Conditions[0].Control == Control.None;

    private string SearchFinding(IEnumerable<StoredRun> runs) =>
        Tables.SearchFinding.Of(SearchTable.Of(runs.Concat(Roots).DistinctBy(run => run.Id).Select(run => run.Outcome), testImages: 0));

    private string UntrainedFinding() => "Without any training, and each at its best density, which is chosen on the same test images: "
        + string.Join("; ", from one in Conditions
                            let best = one.Levels.MaxBy(level => level.Of(run => run.Record.Accuracy).Mean)!
                            let accuracy = SearchTable.AccuracyOf([.. best.Runs.Select(run => run.Outcome)], testImages: 0)
                            orderby accuracy.Mean descending
                            select $"{one.Name} {NumberFormat.Accuracy(accuracy, " %")} at {NumberFormat.Density(best.Density)}") + ".";

    private ImmutableArray<StudyGroup> Groups =>
        [.. Conditions.Select(one => new StudyGroup(one.Values, [.. one.Runs.Select(run => (run.Id, run.Outcome))]))];
}
