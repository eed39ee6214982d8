using Lottery.Report.Charts;

namespace Lottery.Report.Pages;

/// <summary>Tables of a page.</summary>
internal static class TableHtml
{
    /// <summary>A chart's numbers.</summary>
    public static Html Of(ChartTable table) => Of(
        [.. table.Columns.Select(column => (column.Name, column.Format is not null))],
        table.Rows.Select(row => row.Zip(table.Columns, (value, column) => value.Told(column.Format))));

    /// <summary>Any table.</summary>
    /// <param name="columns">Headings, and whether a column holds numbers, which are flush right.</param>
    /// <param name="rows">The cells.</param>
    public static Html Of(IReadOnlyList<(string Name, bool IsNumber)> columns, IEnumerable<IEnumerable<string>> rows) => Html.Of($"""
        <table><thead><tr>{columns.Select(Heading)}</tr></thead>
        <tbody>{rows.Select(row => Html.Of($"<tr>{row.Zip(columns, Cell)}</tr>\n"))}</tbody></table>
        """);

    private static Html Heading((string Name, bool IsNumber) column) =>
        column.IsNumber ? Html.Of($"<th scope=\"col\" class=\"n\">{column.Name}</th>") : Html.Of($"<th scope=\"col\">{column.Name}</th>");

    private static Html Cell(string text, (string Name, bool IsNumber) column) =>
        column.IsNumber ? Html.Of($"<td class=\"n\">{text}</td>") : Html.Of($"<td>{text}</td>");
}
