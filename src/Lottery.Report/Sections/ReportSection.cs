using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>Runs of one network on the same data with the same training: what one chart can compare.</summary>
internal sealed record ReportSection
{
    /// <summary>Its heading.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in anchors and file names: lower-case letters, digits and hyphens, unique in the report.</summary>
    public required string Anchor { get; init; }

    /// <summary>What its conditions differ in; empty if there is one.</summary>
    public required ImmutableArray<string> Axes { get; init; }

    /// <summary>The conditions, the reference first; at least one.</summary>
    public required ImmutableArray<Condition> Conditions { get; init; }

    /// <summary>The level-0 runs from which masks were pruned, one per seed: dense networks, or initial masks.</summary>
    public required ImmutableArray<RunSummary> Roots { get; init; }

    /// <summary>True if masks are evaluated on weights that were never trained.</summary>
    public bool IsUntrained => Conditions[0].Levels[^1].Runs[0] is { Level: > 0, Steps: 0 };

    /// <summary>True if masks were learned on weights that are never trained.</summary>
    public bool IsLearned => Conditions[0].Levels[^1].Runs[0].Supermask is not null;

    /// <summary>Every run once: the roots, then by condition.</summary>
    public IEnumerable<RunSummary> Runs => Roots.Concat(Conditions.SelectMany(condition => condition.Runs)).DistinctBy(run => run.Id);

    /// <summary>The most replicates of any level.</summary>
    public int Replicates => Conditions.Max(condition => condition.Levels.Max(level => level.Runs.Length));

    /// <summary>The levels at which weights are pruned, densest first.</summary>
    public IEnumerable<int> PrunedLevels =>
        Conditions.SelectMany(one => one.Levels).Select(level => level.Level).Where(level => level > 0).Distinct().Order();

    /// <summary>The smallest density of any level, 0–1.</summary>
    public double SmallestDensity => Conditions.SelectMany(one => one.Levels).Min(level => level.Density);

    /// <summary>Every condition compared with the reference, density by density.</summary>
    public StudyTable Table
    {
        get
        {
            StudyGroup[] groups =
                [.. Conditions.Select(one => new StudyGroup(one.Values, [.. one.Runs]))];
            return StudyTable.Create(Axes, groups, groups[0], testImages: 0);
        }
    }

    /// <summary>The result in one sentence that states its uncertainty.</summary>
    public string Finding => IsSearch ? SearchFinding.Describe(SearchTable.Create(Runs, testImages: 0))
        : IsUntrained ? DescribeUntrained()
        : StudyFinding.Describe(Table);

    /// <summary>The density of a level, as its first condition that has the level has it.</summary>
    public string DensityLabel(int level) =>
        NumberFormat.Density(Conditions.SelectMany(one => one.Levels).First(runs => runs.Level == level).Density);

    /// <summary>One search, with or without controls: conditions differ in nothing else.</summary>
    private bool IsSearch => Axes.All(axis => axis == StudyTable.ControlAxis) && Conditions[0].Control == Control.None;

    private string DescribeUntrained() =>
        "Without any training, and each at its best density, which is chosen on the same test images: "
        + string.Join("; ", from one in Conditions
                            let best = one.Levels.MaxBy(level => level.Mean(run => run.Accuracy).Mean)!
                            let accuracy = SearchTable.Accuracy(best.Runs, testImages: 0)
                            orderby accuracy.Mean descending
                            select $"{one.Name} {NumberFormat.Accuracy(accuracy, " %")} at {NumberFormat.Density(best.Density)}") + ".";
}

/// <summary>One line of a chart: runs that differ only in seed and level.</summary>
/// <param name="Name">Its name in legends and headings: what distinguishes it from the section's other conditions.</param>
/// <param name="Slot">Index of its colour in the palette.</param>
/// <param name="Values">Its value on each of the section's axes.</param>
/// <param name="Levels">Densest first, starting with the level-0 runs from which its masks were pruned.</param>
internal sealed record Condition(string Name, int Slot, ImmutableArray<string> Values, ImmutableArray<LevelRuns> Levels)
{
    /// <summary>The control; <see cref="Control.None"/> for tickets.</summary>
    public Control Control => Levels[^1].Runs[0].Control;

    /// <summary>All of its runs.</summary>
    public IEnumerable<RunSummary> Runs => Levels.SelectMany(level => level.Runs);
}

/// <summary>The replicates of one level of a condition.</summary>
/// <param name="Level">The level; 0 is the dense network, or the initial mask.</param>
/// <param name="Density">Kept ÷ prunable weights, 0–1.</param>
/// <param name="Runs">One per seed, in the order of the seeds; at least one.</param>
internal sealed record LevelRuns(int Level, double Density, ImmutableArray<RunSummary> Runs)
{
    /// <summary>The level of which <paramref name="runs"/> are the replicates.</summary>
    public static LevelRuns Of(IEnumerable<RunSummary> runs)
    {
        RunSummary[] all = [.. runs.OrderBy(run => run.Seed)];
        return new(all[0].Level, SearchTable.MeanDensity(all), [.. all]);
    }

    /// <summary>The mean of <paramref name="number"/> over the replicates, and its interval.</summary>
    public Estimate Mean(Func<RunSummary, double> number) => Estimate.FromValues([.. Runs.Select(number)]);
}
