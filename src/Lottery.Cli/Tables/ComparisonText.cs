using Lottery.Report.Comparisons;
using Lottery.Report.Tables;

namespace Lottery.Cli.Tables;

/// <summary>A comparison of masks and weights as lines of text.</summary>
internal static class ComparisonText
{
    /// <summary>The tables for which there are rows, each with what it is and what its columns mean.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="comparison">The comparison that they are of.</param>
    /// <param name="width">Columns of the screen; null where there is none.</param>
    public static IEnumerable<string> Lines(ComparisonTables tables, RunComparison comparison, int? width) => Separated(
    [
        Table(ComparisonTables.OverlapTitle, ComparisonTables.OverlapColumns, tables.OverlapRows, tables.OverlapNotes, width),
        Table(ComparisonTables.SignTitle, ComparisonTables.SignColumns, comparison.Movements, [], width),
        Table(ComparisonTables.DistanceTitle, ComparisonTables.DistanceColumns, comparison.Movements, tables.MovementNotes, width),
        Table(ComparisonTables.ConnectionTitle, ComparisonTables.ConnectionColumns, tables.ConnectionRows, tables.ConnectionNotes, width),
    ]);

    private static string[] Table<TRow>(
        string title, IReadOnlyList<TableColumn<TRow>> columns, IReadOnlyCollection<TRow> rows, IEnumerable<string> notes, int? width) => rows.Count == 0 ? [] :
    [
        .. TableText.NoteLines([title], width), "", .. TableText.Lines(columns, rows, width),
        .. notes.Any() ? [""] : (string[])[], .. TableText.NoteLines(notes, width),
    ];

    private static IEnumerable<string> Separated(string[][] tables)
    {
        string[][] shown = [.. tables.Where(lines => lines.Length > 0)];
        return shown.SelectMany((lines, i) => i == 0 ? lines : ["", .. lines]);
    }
}
