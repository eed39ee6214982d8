using Lottery.Report.Comparisons;
using Lottery.Report.Sections;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>A report as Markdown, for a README or a lab notebook: result, table, provenance, and the commands that repeat the runs.</summary>
internal static class MarkdownReport
{
    /// <summary>The Markdown document.</summary>
    public static string Write(RunReport report) => string.Join('\n',
    [
        $"# {Escape(report.Title)}", "",
        .. report.Notes.SelectMany(note => (string[])[Escape(note), ""]),
        .. report.Sections.SelectMany(content => Section(report, content)),
        $"Written by lottery {RunReport.Version}.", "",
    ]);

    private static IEnumerable<string> Section(RunReport report, SectionContent content)
    {
        ReportProvenance provenance = content.Provenance;
        ReportSection section = content.Section;
        StudyTable table = section.Table;
        if (report.Sections.Length > 1) yield return $"## {Escape(section.Name)}\n";
        yield return Escape(section.Finding) + "\n";
        foreach (string line in Table(table.Columns, table.Rows)) yield return line;
        yield return "";
        foreach (string note in table.Notes) yield return Escape(note);
        yield return "";
        if (section.IsUntrained && !section.Best.IsEmpty)
        {
            foreach (string line in Table(BestDensities.Columns, section.Best)) yield return line;
            yield return "";
            foreach (string note in BestDensities.Notes(section.Settings.Examples)) yield return Escape(note);
            yield return "";
        }
        if (content.Comparison is { } comparison)
            foreach (string line in Compared(comparison)) yield return line;
        yield return $"{NumberFormat.Counted(provenance.Seeds.Length, "seed")}, {NumberFormat.Counted(section.Runs.Count(), "run")}, "
            + $"{NumberFormat.Duration(provenance.TrainingSeconds)} in training; {Escape(string.Join("; ", provenance.Machines.Select(machine => machine.Description)))}.\n";
        if (!provenance.Commands.IsEmpty) yield return $"```sh\n{VisibleText.Lines(string.Join('\n', provenance.Commands))}\n```\n";
    }

    private static IEnumerable<string> Compared(RunComparison comparison)
    {
        var tables = new ComparisonTables(comparison);
        return
        [
            .. Titled(ComparisonTables.OverlapTitle, ComparisonTables.OverlapColumns, tables.OverlapRows, tables.OverlapNotes),
            .. Titled(ComparisonTables.SignTitle, ComparisonTables.SignColumns, comparison.Movements, []),
            .. Titled(ComparisonTables.DistanceTitle, ComparisonTables.DistanceColumns, comparison.Movements, tables.MovementNotes),
            .. Titled(ComparisonTables.ConnectionTitle, ComparisonTables.ConnectionColumns, tables.ConnectionRows, tables.ConnectionNotes),
        ];
    }

    private static IEnumerable<string> Titled<TRow>(string title, IReadOnlyList<TableColumn<TRow>> columns, IReadOnlyCollection<TRow> rows, IEnumerable<string> notes) =>
        rows.Count == 0 ? [] : [Escape(title), "", .. Table(columns, rows), "", .. notes.Select(Escape), ""];

    private static IEnumerable<string> Table<TRow>(IReadOnlyList<TableColumn<TRow>> columns, IEnumerable<TRow> rows)
    {
        yield return Row(columns.Select(column => column.Heading));
        yield return $"|{string.Concat(columns.Select(column => column.Kind == ColumnKind.Number ? "---:|" : "---|"))}";
        foreach (TRow row in rows) yield return Row(columns.Select(column => column.Text(row).Trim()));
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(Escape))} |";

    /// <summary>The text without line breaks, its markup characters escaped, so that a name cannot end a cell.</summary>
    private static string Escape(string text)
    {
        foreach (char c in "\\`*_[]<>|") text = text.Replace($"{c}", $"\\{c}", StringComparison.Ordinal);
        return VisibleText.Of(text.ReplaceLineEndings(" "));
    }
}
