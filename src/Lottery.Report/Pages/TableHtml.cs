using Lottery.Report.Charts;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>Tables of a page.</summary>
internal static class TableHtml
{
    /// <summary>The values of a chart.</summary>
    public static Html Render(ChartTable table) => Render(
        [.. table.Columns.Select(column => (column.Name, column.Format is not null))],
        table.Rows.Select(row => row.Zip(table.Columns, (value, column) => value.Write(column.Format))));

    /// <summary>Rows that columns describe.</summary>
    public static Html Render<TRow>(IReadOnlyList<TableColumn<TRow>> columns, IEnumerable<TRow> rows) => Render(
        [.. columns.Select(column => (column.Heading, column.Kind == ColumnKind.Number))],
        rows.Select(row => columns.Select(column => column.Text(row))));

    /// <summary>Cells of text.</summary>
    /// <param name="columns">Headings; numbers are right-aligned.</param>
    /// <param name="rows">The cells, one per column.</param>
    public static Html Render(IReadOnlyList<(string Name, bool IsNumber)> columns, IEnumerable<IEnumerable<string>> rows) => Html.Of($"""
        <table><thead><tr>{columns.Select(Heading)}</tr></thead>
        <tbody>{rows.Select(row => Html.Of($"<tr>{row.Zip(columns, Cell)}</tr>\n"))}</tbody></table>
        """);

    private static Html Heading((string Name, bool IsNumber) column) =>
        column.IsNumber ? Html.Of($"<th scope=\"col\" class=\"n\">{column.Name}</th>") : Html.Of($"<th scope=\"col\">{column.Name}</th>");

    private static Html Cell(string text, (string Name, bool IsNumber) column) =>
        column.IsNumber ? Html.Of($"<td class=\"n\">{text}</td>") : Html.Of($"<td>{text}</td>");
}
