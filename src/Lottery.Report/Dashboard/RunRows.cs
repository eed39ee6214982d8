using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store;

namespace Lottery.Report.Dashboard;

/// <summary>Finished runs as rows of an HTML table.</summary>
internal static class RunRows
{
    /// <summary>A table without controls other than the links of its runs.</summary>
    public static Html RenderTable(IReadOnlyList<RunSummary> runs) => Html.Of($"""
        <table><thead><tr>{RunListColumns.Page.Select(column => Html.Of($"<th scope=\"col\"{Alignment(column)}>{column.Heading}</th>"))}</tr></thead>
        <tbody>{runs.Select(run => Render(run, Html.Empty))}</tbody></table>
        """);

    /// <summary>A row.</summary>
    /// <param name="run">The run.</param>
    /// <param name="first">A cell before those of the columns; empty for none.</param>
    public static Html Render(RunSummary run, Html first) => Html.Of($"""
        <tr id="row-{run.Id}">{first}{RunListColumns.Page.Select(column => Html.Of($"<td{Alignment(column)}>{Cell(column, run)}</td>"))}</tr>

        """);

    /// <summary>The attribute that right-aligns the cells of a number.</summary>
    public static Html Alignment(RunListColumn column) => column.Kind == ColumnKind.Number ? new(" class=\"n\"") : Html.Empty;

    private static Html Cell(RunListColumn column, RunSummary run) =>
        column.Name == "id" ? PageParts.Run(run.Id) : PageParts.Text(column.Text(run));
}
