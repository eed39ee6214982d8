using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;
using Lottery.Specifications;

namespace Lottery.Report.Sections;

/// <summary>One line of a chart: runs that differ in seed and level alone.</summary>
/// <param name="Name">What it is called beside the others of its section.</param>
/// <param name="Slot">Its colour.</param>
/// <param name="Values">What it has on each of the section's axes.</param>
/// <param name="Levels">Densest first; the dense networks that it comes from are the first, where they were trained alike.</param>
internal sealed record Condition(string Name, int Slot, ImmutableArray<string> Values, ImmutableArray<LevelRuns> Levels)
{
    /// <summary>Tickets, or one of their controls.</summary>
    public Control Control => Levels[^1].Runs[0].Outcome.Control;

    /// <summary>All its runs.</summary>
    public IEnumerable<StoredRun> Runs => Levels.SelectMany(level => level.Runs);
}

/// <summary>The replicates of one level of a condition.</summary>
/// <param name="Level">0 is dense.</param>
/// <param name="Density">Kept ÷ all prunable weights, 0–1.</param>
/// <param name="Runs">One a seed.</param>
internal sealed record LevelRuns(int Level, double Density, ImmutableArray<StoredRun> Runs)
{
    /// <summary>The level that <paramref name="runs"/> are replicates of.</summary>
    public static LevelRuns Of(IEnumerable<StoredRun> runs)
    {
        StoredRun[] all = [.. runs.OrderBy(run => run.Record.Seed)];
        return new(all[0].Record.Level, Outcome.MeanDensity([.. all.Select(run => run.Outcome)]), [.. all]);
    }

    /// <summary>The mean of a number of every replicate, and its interval over them.</summary>
    public Estimate Of(Func<StoredRun, double> number) => Estimate.FromValues([.. Runs.Select(number)]);
}
