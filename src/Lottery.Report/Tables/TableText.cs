using Lottery.Specifications;

namespace Lottery.Report.Tables;

/// <summary>A table as lines of plain text.</summary>
internal static class TableText
{
    /// <summary>The header and a line a level; a last line where the intervals need a word.</summary>
    public static IEnumerable<string> Lines(SearchTable table)
    {
        Column[] columns = [.. Columns(table)];
        string[][] lines =
        [
            [.. columns.Select(column => column.Heading)],
            .. table.Rows.Select(row => columns.Select(column => column.Text(row)).ToArray()),
        ];
        foreach (string line in TextGrid.Lines(lines, [.. columns.Select(column => column.Right)])) yield return $" {line}";
        if (table.Replicates == 1)
            yield return " One replicate: the brackets are Wilson's 95 % over "
                + $"{NumberFormat.Count(table.TestImages)} test images, not over seeds.";
    }

    private static IEnumerable<Column> Columns(SearchTable table) =>
    [
        new("density", Right: true, row => NumberFormat.Density(row.Density)),
        .. new[] { Control.None }.Concat(table.Controls).Select(AccuracyOf),
        new("stops at", Right: true, row => NumberFormat.Count(row.Ticket.EarlyStop.Mean)),
        .. table.Controls.Take(1).Select(DifferenceTo),
    ];

    private static Column AccuracyOf(Control control) =>
        new(NumberFormat.Heading(control), Right: false, row => row[control] is { } cell ? NumberFormat.Accuracy(cell.Accuracy) : "");

    private static Column DifferenceTo(Control control) =>
        new($"ticket − {NumberFormat.Heading(control)}", Right: false,
            row => row[control]?.Difference is { } difference ? NumberFormat.Difference(difference.Estimate) : "");

    private sealed record Column(string Heading, bool Right, Func<Row, string> Text);
}
