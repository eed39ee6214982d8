using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Sections;

/// <summary>Runs that one chart can compare: those of a study, or of one network on the same data with the same training.</summary>
internal sealed record ReportSection
{
    /// <summary>Of a section with more runs than this, weights are read of a sample, and so many runs are listed.</summary>
    public int MostInDetail { get; init; } = 5_000;

    /// <summary>Its heading.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in anchors and file names: lower-case letters, digits and hyphens, unique in the report.</summary>
    public required string Anchor { get; init; }

    /// <summary>The settings in which its conditions differ; empty if there is one.</summary>
    public required ImmutableArray<RunField> Axes { get; init; }

    /// <summary>The conditions, the reference first; at least one.</summary>
    public required ImmutableArray<Condition> Conditions { get; init; }

    /// <summary>The level-0 runs from which masks were pruned, one per seed: dense networks, or initial masks.</summary>
    public required ImmutableArray<RunSummary> Roots { get; init; }

    /// <summary>The planned runs that are not finished.</summary>
    public MissingRuns Missing { get; init; } = MissingRuns.None;

    /// <summary>How its conditions are measured, compared and judged.</summary>
    public ComparisonSettings Settings { get; init; } = new();

    /// <summary>True if masks are evaluated on weights that were never trained.</summary>
    public bool IsUntrained => Conditions[0].Levels[^1].Runs[0] is { Level: > 0, Steps: 0 };

    /// <summary>True if masks were learned on weights that are never trained.</summary>
    public bool IsLearned => Conditions[0].Levels[^1].Runs[0].Supermask is not null;

    /// <summary>Every run once: the roots, then by condition.</summary>
    public ImmutableArray<RunSummary> Runs =>
        field.IsDefault ? field = [.. Roots.Concat(Conditions.SelectMany(condition => condition.Runs)).DistinctBy(run => run.Id)] : field;

    /// <summary>The seeds of a level of which weights are read, at most; null for all.</summary>
    public int? WeighedSeeds => Runs.Length <= MostInDetail ? null : field ??= (int)Math.Max(1, (long)MostInDetail * SeedMeans.Count(Runs) / Runs.Length);

    /// <summary>The runs whose weights are read.</summary>
    public ImmutableArray<RunSummary> Weighed => field.IsDefault
        ? field = WeighedSeeds is null ? Runs : [.. Conditions.SelectMany(one => one.Levels).SelectMany(level => WeighedOf(level)).DistinctBy(run => run.Id)] : field;

    /// <summary>The most replicates of any level.</summary>
    public int Replicates => Conditions.Max(condition => condition.Levels.Max(level => level.Replicates));

    /// <summary>The levels at which weights are pruned, densest first.</summary>
    public IEnumerable<int> PrunedLevels =>
        Conditions.SelectMany(one => one.Levels).Select(level => level.Level).Where(level => level > 0).Distinct().Order();

    /// <summary>The smallest density of any level, 0–1.</summary>
    public double SmallestDensity => Conditions.SelectMany(one => one.Levels).Min(level => level.Density);

    /// <summary>Every condition compared with level 0 and with the reference, density by density.</summary>
    public StudyTable Table => field ??= CreateTable();

    /// <summary>The best that each condition reaches at any density.</summary>
    public ImmutableArray<BestDensities> Best => field.IsDefault ? field = BestDensities.Of(Table) : field;

    /// <summary>The result in a few sentences that state their uncertainty.</summary>
    public string Finding => field ??= IsUntrained ? SupermaskFinding.Describe(Best, Table) : StudyFinding.Describe(Table);

    /// <summary>The density of a level, as its first condition that has the level has it.</summary>
    public string DensityLabel(int level) =>
        NumberFormat.Density(Conditions.SelectMany(one => one.Levels).First(runs => runs.Level == level).Density);

    /// <summary>The runs of a level whose weights are read: of a large section those of seeds that are spread evenly over all.</summary>
    public ImmutableArray<RunSummary> WeighedOf(LevelRuns level) => WeighedSeeds is { } most
        ? [.. level.Runs.GroupBy(run => run.Seed).ToArray().EvenlySpaced(most).SelectMany(seed => seed)] : level.Runs;

    private StudyTable CreateTable()
    {
        StudyGroup[] groups = [.. Conditions.Select(one => new StudyGroup(one.Values, [.. one.Runs]))];
        return StudyTable.Create(Axes, groups, groups[0], Settings).Lacking(Missing, RunSettings.ConditionKey);
    }
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
/// <param name="Runs">One per seed (of a control one per draw), in the order of the seeds; at least one.</param>
internal sealed record LevelRuns(int Level, double Density, ImmutableArray<RunSummary> Runs)
{
    /// <summary>The level of which <paramref name="runs"/> are the replicates.</summary>
    public static LevelRuns Of(IEnumerable<RunSummary> runs)
    {
        RunSummary[] all = [.. runs.OrderBy(run => run.Seed)];
        return new(all[0].Level, StudyRow.MeanDensity(all), [.. all]);
    }

    /// <summary>The number of seeds.</summary>
    public int Replicates => SeedMeans.Count(Runs);

    /// <summary>The mean of <paramref name="number"/> over the seeds, and its interval; runs without the number are left out.</summary>
    public Estimate Mean(Func<RunSummary, double?> number) => Estimate.FromValues([.. SeedMeans.Of(Runs, number).Values]);
}
