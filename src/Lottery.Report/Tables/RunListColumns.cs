using System.Collections.Immutable;
using System.Globalization;
using Lottery.Studies.Identity;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>A column of a list of finished runs, on a terminal or in a page.</summary>
/// <param name="Field">The field of SQL and JSON that it shows; lists are sorted by its values, and addresses use its name.</param>
/// <param name="Heading">Its heading.</param>
/// <param name="Kind">How its cells are aligned, wrapped and truncated.</param>
/// <param name="Text">Writes the cell of a run; empty if the run has no value.</param>
internal sealed record RunListColumn(RunField Field, string Heading, ColumnKind Kind, Func<RunSummary, string> Text)
    : TableColumn<RunSummary>(Heading, Kind, Text)
{
    /// <summary>The name of the column in SQL, JSON, filters and addresses.</summary>
    public string Name => Field.Name;
}

/// <summary>What lists of runs show. Names and values are those of <see cref="RunFields"/>; this adds headings and formats.</summary>
internal static class RunListColumns
{
    private static readonly ImmutableArray<RunListColumn> s_own =
    [
        Create("id", ColumnKind.Whole, run => RunIdentity.Short(run.Id)),
        Create("parent", ColumnKind.Whole, run => run.Parent is { } parent ? RunIdentity.Short(parent) : ""),
        Create("ticket", ColumnKind.Whole, run => run.Ticket is { } ticket ? RunIdentity.Short(ticket) : ""),
        Create("density", ColumnKind.Number, run => NumberFormat.Density(run.Density)),
        Create("control", ColumnKind.Text, RunLabel.Title),
        Create("accuracy", ColumnKind.Number, run => $"{NumberFormat.Percent(run.Accuracy)} %"),
        Create("final_accuracy", ColumnKind.Number, run => $"{NumberFormat.Percent(run.FinalAccuracy)} %", "final accuracy"),
        Create("thresholded_accuracy", ColumnKind.Number,
            run => run.ThresholdedAccuracy is { } accuracy ? $"{NumberFormat.Percent(accuracy)} %" : "", "thresholded accuracy"),
        Create("early_stop_step", ColumnKind.Number, run => NumberFormat.Count(run.EarlyStopStep), Labels.EarlyStop),
        Create("seconds", ColumnKind.Number, run => run.Metrics.Seconds.ToString("0.0", CultureInfo.InvariantCulture)),
        Create("total_seconds", ColumnKind.Number, run => NumberFormat.Duration(run.Metrics.TotalSeconds), "time"),
    ];

    /// <summary>A column for each field, in the order of the fields.</summary>
    public static ImmutableArray<RunListColumn> All { get; } =
        [.. RunFields.All.Select(field => s_own.FirstOrDefault(column => column.Name == field.Name) ?? Create(field))];

    /// <summary>The columns of <c>lottery runs list</c>.</summary>
    public static ImmutableArray<RunListColumn> Terminal { get; } =
    [
        .. Named("id", "network", "data", "seed", "level", "density", "control", "criterion", "accuracy", "early_stop_step", "steps", "seconds")
            .Select(column => column with { IsSecondary = column.Name is "data" or "criterion" or "early_stop_step" or "steps" or "seconds" }),
    ];

    private static ImmutableArray<RunListColumn> Named(params string[] names) =>
        [.. names.Select(name => All.Single(column => column.Name == name))];

    private static RunListColumn Create(string name, ColumnKind kind, Func<RunSummary, string> text, string? heading = null) =>
        new(RunFields.All.Single(column => column.Name == name), heading ?? name, kind, text);

    private static RunListColumn Create(RunField field) => new(field, field.Label,
        field.Type == typeof(string) || field.Type == typeof(bool) || field.Type == typeof(ImmutableArray<string>) ? ColumnKind.Text
            : field.Type == typeof(DateTimeOffset) ? ColumnKind.Whole : ColumnKind.Number,
        run => Write(field.Value(run)));

    private static string Write(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "yes" : "no",
        int count => NumberFormat.Count(count),
        double number => number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'),
        string { Length: 64 } hash => RunIdentity.Short(hash),
        DateTimeOffset time => $"{NumberFormat.Minute(time)} UTC",
        ImmutableArray<string> names => string.Join(", ", names),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
