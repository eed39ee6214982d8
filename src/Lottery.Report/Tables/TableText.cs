namespace Lottery.Report.Tables;

/// <summary>Tables as lines of plain text.</summary>
internal static class TableText
{
    /// <summary>A search's table: the header, a line per level, and a note if there is one replicate.</summary>
    public static IEnumerable<string> Lines(SearchTable table) =>
        Lines(table.Columns, table.Rows).Concat(table.Replicates == 1 ? [$" {Labels.Brackets(1, table.TestImages)}"] : []);

    /// <summary>The table of learned supermasks: the header, one line, and a note if there is one replicate.</summary>
    public static IEnumerable<string> Lines(SupermaskTable table) =>
        Lines(SupermaskTable.Columns, [table]).Concat(table.Accuracy.Count == 1 ? [$" {Labels.Brackets(1, table.TestImages)}"] : []);

    /// <summary>A study's table: the header, a line per cell and density, and what the marks mean.</summary>
    public static IEnumerable<string> Lines(StudyTable table) =>
        [.. Lines(table.Columns, table.Rows), "", .. table.Notes.Select(note => $" {note}")];

    /// <summary>A table of masking as training: the header, a line per cell and level, and what the columns mean.</summary>
    public static IEnumerable<string> Lines(MaskingTable table) =>
        [.. Lines(table.Columns, table.Rows), "", .. table.Notes.Select(note => $" {note}")];

    private static IEnumerable<string> Lines<TRow>(IReadOnlyList<TableColumn<TRow>> columns, IEnumerable<TRow> rows)
    {
        string[][] lines =
            [[.. columns.Select(column => column.Heading)], .. rows.Select(row => columns.Select(column => column.Text(row)).ToArray())];
        return TextGrid.Lines(lines, [.. columns.Select(column => column.Kind == ColumnKind.Number)]).Select(line => $" {line}");
    }
}
