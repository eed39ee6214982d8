using System.Collections.Immutable;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Report.Comparisons;

/// <summary>Replicates that are compared as one: those of a condition at a level, or a single run.</summary>
/// <param name="Name">The condition's name, or the run's.</param>
/// <param name="Values">The condition's value on each axis.</param>
/// <param name="Level">The level.</param>
/// <param name="Density">Kept ÷ prunable weights, 0–1.</param>
/// <param name="Runs">Each run with the trained run of level 0 that its mask was pruned from; one per seed.</param>
internal sealed record ComparedGroup(
    string Name, ImmutableArray<string> Values, int Level, double Density, ImmutableArray<(RunSummary Run, RunSummary? Dense)> Runs)
{
    /// <summary>True if weights are pruned and the mask is not that of another condition: controls have their ticket's, if it is not a random one.</summary>
    public bool HasOwnMask => Density < 1 && Runs[0].Run.Control is (Control.None or Control.RandomMask);
}

/// <summary>What is compared: groups in the order of their levels, and how far the selection goes.</summary>
/// <param name="Axes">The settings that distinguish the groups.</param>
/// <param name="Groups">Densest first, then in the order of the conditions.</param>
/// <param name="AreRuns">True if every group is a run that was named, so that each is compared with each.</param>
/// <param name="Limits">A sentence for what the selection leaves out; empty if nothing.</param>
internal sealed record ComparedGroups(ImmutableArray<Studies.Queries.RunField> Axes, ImmutableArray<ComparedGroup> Groups, bool AreRuns, string Limits)
{
    /// <summary>The groups of a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="mostLevels">At most so many pruned levels, evenly spaced.</param>
    /// <param name="mostSeeds">At most so many seeds of each level, the first ones.</param>
    /// <param name="levels">Only these levels; empty for any.</param>
    /// <exception cref="UserException">The section has none of these levels.</exception>
    public static ComparedGroups Of(ReportSection section, int mostLevels = int.MaxValue, int mostSeeds = int.MaxValue, params IReadOnlyCollection<int> levels)
    {
        int[] pruned = [.. section.PrunedLevels], wanted = levels.Count == 0 ? pruned : [.. pruned.Where(levels.Contains)];
        if (wanted.Length == 0 && levels.Count > 0)
            throw new UserException($"{section.Name} has no level {string.Join(", ", levels)}: its runs are pruned at {(pruned.Length == 0 ? "none" : $"level {string.Join(", ", pruned)}")}.");
        HashSet<int> chosen = [0, .. wanted.EvenlySpaced(mostLevels)];
        ComparedGroup[] groups =
        [
            .. from condition in section.Conditions
               from level in condition.Levels
               where chosen.Contains(level.Level)
               select new ComparedGroup(condition.Name, condition.Values, level.Level, level.Density,
                   [.. level.Runs.DistinctBy(run => run.Seed).Take(mostSeeds).Select(run => (run, Dense(condition, run)))]),
        ];
        return new(section.Axes, [.. OneDense(groups).OrderBy(group => group.Level)], AreRuns: false,
            Limited(wanted.Length, chosen.Count - 1, section.Replicates, Math.Min(section.Replicates, mostSeeds)));
    }

    /// <summary>Runs that are compared with one another.</summary>
    /// <param name="runs">The runs, each of its own name.</param>
    /// <param name="all">Every run of the store, by id.</param>
    /// <exception cref="UserException">Their networks have different weights.</exception>
    public static ComparedGroups Of(IReadOnlyList<RunSummary> runs, IReadOnlyDictionary<string, RunSummary> all)
    {
        if (runs.FirstOrDefault(run => !HaveEqualWeights(run, runs[0])) is { } other)
            throw new UserException($"Runs {RunIdentity.Short(runs[0].Id)} ({runs[0].Network}) and {RunIdentity.Short(other.Id)} ({other.Network}) "
                + "are of networks with different weights: give runs of one network.");
        return new([], [.. runs.Select(run => new ComparedGroup(RunIdentity.Short(run.Id), [], run.Level, run.Density, [(run, Dense(run))]))], AreRuns: true, "");

        RunSummary? Dense(RunSummary run)
        {
            RunSummary? current = run;
            while (current is { IsRoot: false }) current = (current.Ticket ?? current.Parent) is { } parent ? all.GetValueOrDefault(parent) : null;
            return IsTrainedDense(current) ? current : null;
        }
    }

    private static bool HaveEqualWeights(RunSummary one, RunSummary other) =>
        Prunable(one).SequenceEqual(Prunable(other));

    private static IEnumerable<(string, int)> Prunable(RunSummary run) =>
        run.Specification.Network.Parameters.Where(parameter => parameter.Prunable).Select(parameter => (parameter.Name, parameter.Count));

    /// <summary>The dense network is one group, not one per condition, where all conditions come from it.</summary>
    private static IEnumerable<ComparedGroup> OneDense(ComparedGroup[] groups)
    {
        ILookup<string, ComparedGroup> dense = groups.Where(group => group is { Level: 0, Density: 1 })
            .ToLookup(group => string.Join(' ', group.Runs.Select(run => run.Run.Id)));
        return groups.Where(group => group is not { Level: 0, Density: 1 }).Concat(dense.Select(same =>
            dense.Count > 1 ? same.First() : same.First() with { Name = "dense", Values = [.. same.First().Values.Select(_ => Labels.Absent)] }));
    }

    private static RunSummary? Dense(Condition condition, RunSummary run) =>
        condition.Levels.Where(level => level.Level == 0).SelectMany(level => level.Runs).FirstOrDefault(root => root.Seed == run.Seed) is { } root && IsTrainedDense(root) ? root : null;

    private static bool IsTrainedDense(RunSummary? root) => root is { Steps: > 0, Supermask: null, Density: 1 };

    private static string Limited(int levels, int chosen, int seeds, int taken)
    {
        string[] parts =
        [
            .. chosen < levels ? [$"{chosen} of {levels} pruned levels"] : (string[])[],
            .. taken < seeds ? [$"the first {taken} of {seeds} seeds"] : (string[])[],
        ];
        return parts.Length == 0 ? "" : $"Compared are {string.Join(" and ", parts)}.";
    }
}
