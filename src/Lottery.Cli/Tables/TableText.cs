using Lottery.Report.Tables;

namespace Lottery.Cli.Tables;

/// <summary>The report's tables as lines of text.</summary>
internal static class TableText
{
    /// <summary>The table of a search or a study: the header, a line per condition and density, and what the marks mean.</summary>
    /// <param name="table">The results.</param>
    /// <param name="width">Columns of the screen; null where there is none.</param>
    public static IEnumerable<string> Lines(StudyTable table, int? width) =>
        [.. Lines(WithoutRepeatedDensities(table), table.Rows, width), "", .. NoteLines(table.Notes, width)];

    /// <summary>The best of each condition over all densities, and what the columns mean.</summary>
    /// <param name="best">The conditions.</param>
    /// <param name="examples">What the examples of the data are called.</param>
    /// <param name="width">Columns of the screen; null where there is none.</param>
    public static IEnumerable<string> Lines(IReadOnlyCollection<BestDensities> best, string examples, int? width) =>
        [.. Lines(BestDensities.Columns, best, width), "", .. NoteLines(BestDensities.Notes(examples), width)];

    /// <summary>A table of masking as training: the header, a line per cell, level and measure, and what the columns mean.</summary>
    /// <inheritdoc cref="Lines(StudyTable, int?)"/>
    public static IEnumerable<string> Lines(MaskingTable table, int? width) =>
        [.. Lines(table.Columns, table.Lines, width), "", .. NoteLines(table.Notes, width)];

    private static IReadOnlyList<TableColumn<StudyRow>> WithoutRepeatedDensities(StudyTable table)
    {
        HashSet<StudyRow> first = [.. table.Rows.DistinctBy(row => row.ListedDensity)];
        return [table.Columns[0] with { Text = row => first.Contains(row) ? table.Columns[0].Text(row) : "" }, .. table.Columns.Skip(1)];
    }

    /// <summary>The header and a line per row.</summary>
    public static IEnumerable<string> Lines<TRow>(IReadOnlyList<TableColumn<TRow>> columns, IEnumerable<TRow> rows, int? width)
    {
        TextTable table = new TextTable([.. columns.Select(column => new Column(column.Heading, column.Kind, column.IsSecondary))])
            .Add(rows.Select(row => columns.Select(column => column.Text(row)).ToArray()));
        string[] leftOut = table.LeftOut(width - 1) is { } note ? [.. NoteLines([note], width)] : [];
        return [.. table.Lines(width - 1).Select(line => $" {line}"), .. leftOut];
    }

    /// <summary>Sentences under or over a table.</summary>
    public static IEnumerable<string> NoteLines(IEnumerable<string> notes, int? width) =>
        notes.SelectMany(note => TextTable.Paragraph(note, width - 1)).Select(line => $" {line}");
}
