using System.Collections.Immutable;
using Lottery.Report.Tables;
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
