using System.Collections.Immutable;
using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>Finished runs as rows of an HTML table.</summary>
internal static class RunRows
{
    /// <summary>A table without controls other than the links of its runs.</summary>
    public static Html RenderTable(IReadOnlyList<RunSummary> runs, ImmutableArray<RunListColumn> columns) => Html.Of($"""
        <table><thead><tr>{columns.Select(column => Html.Of($"<th scope=\"col\"{Alignment(column)}>{column.Heading}</th>"))}</tr></thead>
        <tbody>{runs.Select(run => Render(run, columns, Html.Empty))}</tbody></table>
        """);

    /// <summary>A row.</summary>
    /// <param name="run">The run.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="first">A cell before those of the columns; empty for none.</param>
    public static Html Render(RunSummary run, ImmutableArray<RunListColumn> columns, Html first) => Html.Of($"""
        <tr id="row-{run.Id}">{first}{columns.Select(column => Html.Of($"<td{Alignment(column)}>{Cell(column, run)}</td>"))}</tr>

        """);

    /// <summary>The attribute that right-aligns the cells of a number.</summary>
    public static Html Alignment(RunListColumn column) => column.Kind == ColumnKind.Number ? new(" class=\"n\"") : Html.Empty;

    private static Html Cell(RunListColumn column, RunSummary run) => column.Name switch
    {
        "id" => PageParts.Run(run.Id),
        "parent" when run.Parent is { } parent => PageParts.Run(parent),
        "ticket" when run.Ticket is { } ticket => PageParts.Run(ticket),
        _ => PageParts.Text(column.Text(run)),
    };
}
