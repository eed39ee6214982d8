using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Sections;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>Chosen runs of one condition and level: replicates, which differ in nothing but the seed.</summary>
/// <param name="Name">In what they differ from the other groups: names and values.</param>
/// <param name="Runs">By seed; at least one.</param>
internal sealed record ComparedRuns(string Name, ImmutableArray<RunSummary> Runs)
{
    private const int MostNamed = 4;

    /// <summary>Groups <paramref name="runs"/> in the order in which they were chosen.</summary>
    public static ImmutableArray<ComparedRuns> Group(IReadOnlyCollection<RunSummary> runs)
    {
        ImmutableArray<RunSummary>[] groups =
        [
            .. runs.GroupBy(run => (SpecificationFields.Condition(run), run.Level)).Select(group => group.OrderBy(run => run.Seed).ToImmutableArray()),
        ];
        // Replicates of one seed each are told apart by it; of several seeds a group has no seed of its own.
        ImmutableArray<RunListColumn> columns = RunColumns.Differing([.. groups.Select(group => group[0])]);
        if (groups.Any(group => group.Length > 1)) columns = columns.RemoveAll(column => column.Name == "seed");
        string[] names = [.. groups.Select(group => NameOf(group, columns))];
        return [.. groups.Zip(names, (group, name) => new ComparedRuns(names.Count(name.Equals) == 1 ? name : $"{name} {RunIdentity.Short(group[0].Id)}".Trim(), group))];
    }

    /// <summary>Each run by itself, named by its seed.</summary>
    public ImmutableArray<ComparedRuns> Single() =>
        [.. Runs.Select(run => new ComparedRuns(string.Create(CultureInfo.InvariantCulture, $"seed {run.Seed}"), [run]))];

    private static string NameOf(ImmutableArray<RunSummary> runs, ImmutableArray<RunListColumn> columns)
    {
        string[] parts =
        [
            .. columns.Take(MostNamed).Select(column => column.Name == "control" ? column.Text(runs[0])
                : $"{column.Heading} {(column.Text(runs[0]) is { Length: > 0 } value ? value : "–")}"),
            .. runs.Length > 1 ? [$"{runs.Length} seeds"] : (string[])[],
        ];
        return parts.Length == 0 ? RunIdentity.Short(runs[0].Id) : string.Join(", ", parts);
    }
}
