using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>
/// The columns of a table of runs: what identifies a run and its results, the settings in which the runs differ, and what the
/// reader asked for.
/// </summary>
internal static class RunColumns
{
    private static readonly string[] s_before = ["id", "accuracy", "control", "level", "density", "seed"];
    private static readonly string[] s_after = ["early_stop_step", "total_seconds", "ended"];

    /// <summary>Settings whose absence is a setting, too.</summary>
    private static readonly string[] s_optional = ["initial_mask", "initial_weights", "pretrained_weights", "threshold"];

    /// <summary>The columns of <paramref name="runs"/>.</summary>
    /// <param name="runs">The runs that the table lists, on all its pages.</param>
    /// <param name="requested">Names of further columns.</param>
    /// <param name="cancellationToken">Cancels the comparison.</param>
    public static ImmutableArray<RunListColumn> Choose(
        IReadOnlyList<RunSummary> runs, IEnumerable<string> requested, CancellationToken cancellationToken = default)
    {
        HashSet<string> further = [.. requested];
        runs = OneOfEach(runs, cancellationToken);
        return
        [
            .. Named(s_before),
            .. RunListColumns.All.Where(column => !s_before.Contains(column.Name) && !s_after.Contains(column.Name)
                && (further.Contains(column.Name) || ((column.Field.Setting is not null || column.Name == "studies") && Differs(column, runs, cancellationToken)))),
            .. Named(s_after),
        ];
    }

    private static IEnumerable<RunListColumn> Named(string[] names) =>
        names.Select(name => RunListColumns.All.Single(column => column.Name == name));

    /// <summary>
    /// One of all runs that differ in nothing but what they are themselves, as seed and results. Runs of a list have the parts of their
    /// specifications in common, so that these are compared by where they are.
    /// </summary>
    private static List<RunSummary> OneOfEach(IReadOnlyList<RunSummary> runs, CancellationToken cancellationToken)
    {
        var places = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        var seen = new HashSet<(int, int, int, int, int, int, int, int, int, int, Control, int)>();
        var some = new List<RunSummary>();
        foreach (RunSummary run in runs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunSpecification asked = run.Specification;
            // What a mask was taken from is only known from the runs that it comes from.
            if (asked.Transfer is not null || seen.Add((Place(asked.Network), Place(asked.Data), Place(asked.Training), Place(asked.Prune), Place(asked.Actions), Place(asked.Supermask),
                Place(asked.Start), Place(ImmutableCollectionsMarshal.AsArray(run.Studies)), Place(run.Data), asked.Level, asked.Control, asked.Draw)))
                some.Add(run);
        }
        return some;

        int Place(object? part) => part is null ? 0 : places.TryGetValue(part, out int place) ? place : places[part] = places.Count + 1;
    }

    private static bool Differs(RunListColumn column, IReadOnlyList<RunSummary> runs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool counts = s_optional.Contains(column.Name);
        object? first = null;
        bool any = false;
        foreach (RunSummary run in runs)
        {
            object? value = column.Field.Value(run);
            // What does not apply to a run, as a criterion to a dense network, and what follows from its seed is no difference.
            if ((value is null || column.Field.Setting is { } setting && setting(run.Specification) is null) && !counts) continue;
            if (any && !Same(first, value)) return true;
            (first, any) = (value, true);
        }
        return false;
    }

    private static bool Same(object? left, object? right) => left is ImmutableArray<string> a && right is ImmutableArray<string> b
        ? a.AsSpan().SequenceEqual(b.AsSpan()) : Equals(left, right);
}
