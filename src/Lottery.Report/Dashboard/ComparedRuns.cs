using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>Chosen runs of one condition, level and draw: replicates, which differ in nothing but the seed.</summary>
/// <param name="Name">In what they differ from the other groups: names and values.</param>
/// <param name="Runs">By seed; at least one.</param>
internal sealed record ComparedRuns(string Name, ImmutableArray<RunSummary> Runs)
{
    /// <summary>Groups <paramref name="runs"/> in the order in which they were chosen.</summary>
    public static ImmutableArray<ComparedRuns> Group(IReadOnlyCollection<RunSummary> runs)
    {
        var conditions = ConditionGroups.Create(runs);
        bool hasLevels = runs.Select(run => run.Level).Distinct().Skip(1).Any(), hasDraws = runs.Any(run => run.Draw > 0);
        ComparedRuns[] groups =
        [
            .. from condition in conditions.Groups
               let name = Labels.Condition(conditions.Axes, condition.Values)
               from level in condition.Runs.GroupBy(run => (run.Level, run.Draw))
               select new ComparedRuns(
                   NameOf(name, hasLevels ? level.Key.Level : null, hasDraws && level.First().Control != Control.None ? level.Key.Draw : null, level.Count()),
                   [.. level.OrderBy(run => run.Seed)]),
        ];
        return [.. groups.Select(group => group.Name.Length > 0 && groups.Count(other => other.Name == group.Name) == 1 ? group
            : group with { Name = $"{group.Name} {RunIdentity.Short(group.Runs[0].Id)}".Trim() })];
    }

    /// <summary>Each run by itself, named by its seed.</summary>
    public ImmutableArray<ComparedRuns> Single() =>
        [.. Runs.Select(run => new ComparedRuns(string.Create(CultureInfo.InvariantCulture, $"seed {run.Seed}"), [run]))];

    private static string NameOf(string condition, int? level, int? draw, int seeds) => string.Join(", ", ((string?[])
    [
        condition.Length > 0 ? condition : null,
        level is { } number ? string.Create(CultureInfo.InvariantCulture, $"level {number}") : null,
        draw is { } which ? string.Create(CultureInfo.InvariantCulture, $"draw {which}") : null,
        seeds > 1 ? $"{seeds} seeds" : null,
    ]).OfType<string>());
}
