using System.Globalization;
using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>Finished runs as rows.</summary>
internal static class RunRows
{
    /// <summary>The columns: what they are called in an address, in a heading, and how they are sorted and shown.</summary>
    public static RunColumn[] Columns { get; } =
    [
        new("id", "id", run => run.Id, run => PageParts.Run(run.Id)),
        new("accuracy", "accuracy", run => run.Accuracy, run => PageParts.Text($"{NumberFormat.Percent(run.Accuracy)} %"), true),
        new("density", "density", run => run.Density, run => PageParts.Text(NumberFormat.Density(run.Density)), true),
        new("level", "level", run => run.Level, run => Number(run.Level), true),
        new("control", "control", run => KebabCase.Of(run.Control), run => PageParts.Text(Labels.Kind(run))),
        new("criterion", "criterion", run => run.Criterion ?? "", run => PageParts.Text(run.Criterion ?? "")),
        new("seed", "seed", run => run.Seed, run => Number(run.Seed), true),
        new("stops", "stops at", run => run.EarlyStopStep, run => PageParts.Text(NumberFormat.Count(run.EarlyStopStep)), true),
        new("seconds", "time", run => run.Metrics.TotalSeconds, run => PageParts.Text(NumberFormat.Duration(run.Metrics.TotalSeconds)), true),
        new("ended", "ended", run => run.Ended, run => PageParts.Text(run.Ended.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture))),
        new("network", "network", run => run.Network, run => PageParts.Text(run.Network)),
        new("data", "data", run => run.Data, run => PageParts.Text(run.Data)),
    ];

    /// <summary>A table without anything to press but the links.</summary>
    public static Html Of(IReadOnlyList<RunSummary> runs) => Html.Of($"""
        <table><thead><tr>{Columns.Select(column => Html.Of($"<th scope=\"col\"{Flush(column)}>{column.Heading}</th>"))}</tr></thead>
        <tbody>{runs.Select(run => Row(run, Html.Empty))}</tbody></table>
        """);

    /// <summary>A row; <paramref name="first"/> stands before its cells.</summary>
    public static Html Row(RunSummary run, Html first) => Html.Of($"""
        <tr id="row-{run.Id}">{first}{Columns.Select(column => Html.Of($"<td{Flush(column)}>{column.Cell(run)}</td>"))}</tr>

        """);

    /// <summary>The attribute of a cell that holds numbers.</summary>
    public static Html Flush(RunColumn column) => column.IsNumber ? new(" class=\"n\"") : Html.Empty;

    private static Html Number(IFormattable number) => PageParts.Text(number.ToString(null, CultureInfo.InvariantCulture));
}

/// <summary>A column of a table of runs.</summary>
/// <param name="Key">What it is called in an address.</param>
/// <param name="Heading">What it is called in the table.</param>
/// <param name="Value">What it is sorted by.</param>
/// <param name="Cell">What it shows.</param>
/// <param name="IsNumber">Whether it holds numbers.</param>
internal sealed record RunColumn(
    string Key, string Heading, Func<RunSummary, IComparable> Value, Func<RunSummary, Html> Cell, bool IsNumber = false);
