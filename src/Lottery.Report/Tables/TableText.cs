using Lottery.Specifications;

namespace Lottery.Report.Tables;

/// <summary>A table as lines of plain text.</summary>
public static class TableText
{
    /// <summary>The header and a line a level; a last line where the intervals need a word.</summary>
    public static IEnumerable<string> Lines(CellTable table)
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
                + $"{Figures.Count(table.TestImages)} test images, not over seeds.";
    }

    private static IEnumerable<Column> Columns(CellTable table) =>
    [
        new("density", Right: true, row => Figures.Density(row.Density)),
        .. new[] { Control.None }.Concat(table.Controls).Select(AccuracyOf),
        new("stops at", Right: true, row => Figures.Count(row.Ticket.EarlyStop.Mean)),
        .. table.Controls.Take(1).Select(DifferenceTo),
    ];

    private static Column AccuracyOf(Control control) =>
        new(Figures.Heading(control), Right: false, row => row[control] is { } cell ? Figures.Accuracy(cell.Accuracy) : "");

    private static Column DifferenceTo(Control control) =>
        new($"ticket − {Figures.Heading(control)}", Right: false,
            row => row[control]?.Difference is { } difference ? Figures.Difference(difference.Estimate) : "");

    private sealed record Column(string Heading, bool Right, Func<Row, string> Text);
}
