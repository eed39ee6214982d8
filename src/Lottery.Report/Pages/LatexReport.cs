using System.Globalization;
using System.Text;
using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>
/// The tables of results for a paper: the numbers of the page's tables, with rules of booktabs, and captions that state what
/// the numbers are.
/// </summary>
internal static class LatexReport
{
    /// <summary>More conditions do not fit side by side; the table goes on in another.</summary>
    private const int MostColumns = 4;

    /// <summary>The width that the cells share, in lines of text.</summary>
    private const double CellsWidth = 0.8, WidestCell = 0.35;

    /// <summary>The document: a <c>table</c> per section, for <c>\input</c>.</summary>
    public static string Write(RunReport report) => string.Join('\n',
    [
        $"% Written by lottery {RunReport.Version}. Preamble: \\usepackage{{array,booktabs}}",
        .. report.Sections.SelectMany(content => Section(content.Section)), "",
    ]);

    /// <summary>The lines of a section's tables.</summary>
    public static IEnumerable<string> Section(ReportSection section)
    {
        var results = ResultsTable.Create(section);
        // Tables of equal widths: five conditions are three and two.
        int tables = (section.Conditions.Length + MostColumns - 1) / MostColumns;
        int[][] parts = [.. Enumerable.Range(0, section.Conditions.Length).Chunk((section.Conditions.Length + tables - 1) / tables)];
        foreach ((int i, int[] conditions) in parts.Index())
        {
            string part = parts.Length == 1 ? "" : $" Part {i + 1} of {parts.Length}.";
            string label = parts.Length == 1 ? section.Anchor : $"{section.Anchor}-{i + 1}";
            yield return "";
            yield return "\\begin{table}";
            yield return "  \\centering";
            yield return $"  \\caption{{{Escape(Caption(section, results.Table) + part)}}}";
            yield return $"  \\label{{tab:{label}}}";
            foreach (string line in Tabular(section, results, conditions)) yield return $"  {line}";
            yield return "\\end{table}";
        }
    }

    private static IEnumerable<string> Tabular(ReportSection section, ResultsTable results, int[] conditions)
    {
        Metric metric = results.Table.Metric;
        string width = Math.Min(CellsWidth / conditions.Length, WidestCell).ToString("0.###", CultureInfo.InvariantCulture);
        yield return $"\\begin{{tabular}}{{r*{{{conditions.Length}}}{{>{{\\centering\\arraybackslash}}p{{{width}\\linewidth}}}}}}";
        yield return "  \\toprule";
        yield return $"  {Row("density", conditions.Select(condition => Escape(section.Conditions[condition].Name)))}";
        yield return "  \\midrule";
        foreach (ResultsRow row in results.Rows.Where(row => conditions.Any(condition => row.Cells[condition] is not null)))
        {
            StudyRow?[] cells = [.. conditions.Select(condition => row.Cells[condition])];
            yield return $"  {Row(Escape(NumberFormat.Density(row.Density)), cells.Select(cell => Accuracy(cell, metric)))}";
            if (cells.Any(cell => Dense(cell, metric).Length > 0)) yield return $"  {Row("", cells.Select(cell => Dense(cell, metric)))}";
            if (cells.Any(cell => Difference(cell, metric).Length > 0)) yield return $"  {Row("", cells.Select(cell => Difference(cell, metric)))}";
        }
        yield return "  \\bottomrule";
        yield return "\\end{tabular}";
    }

    private static string Row(string first, IEnumerable<string> cells) => $"{string.Join(" & ", cells.Prepend(first))} \\\\";

    private static string Accuracy(StudyRow? row, Metric metric)
    {
        if (row is null) return "";
        string text = Escape(metric.Write(row.Value));
        return row.IsBest ? $"\\textbf{{{text}}}" : text;
    }

    private static string Dense(StudyRow? row, Metric metric)
    {
        if (row?.AgainstDense is not { } against) return "";
        string marks = against.Marks.Replace("▲", "$\\uparrow$", StringComparison.Ordinal).Replace("▼", "$\\downarrow$", StringComparison.Ordinal);
        return $"{{\\footnotesize (d) {marks}{(marks.Length > 0 ? " " : "")}{Escape(metric.WriteDifference(against.Value.Estimate))}}}";
    }

    private static string Difference(StudyRow? row, Metric metric)
    {
        if (row is not { IsReference: false, Difference: { } difference }) return "";
        string mark = row.Verdict switch { 1 => "$\\uparrow$ ", -1 => "$\\downarrow$ ", _ => "" };
        return $"{{\\footnotesize (r) {mark}{Escape(metric.WriteDifference(difference.Estimate))}}}";
    }

    /// <summary>What the numbers are: of how many replicates, with which interval, and corrected how.</summary>
    private static string Caption(ReportSection section, StudyTable table)
    {
        int[] counts = [.. table.Rows.Select(row => row.Value.Count).Distinct().Order()];
        string n = counts.Length == 1 ? $"n = {counts[0]}" : $"n = {counts[0]} to {counts[^1]}";
        string images = table.Rows.Any(row => row.Value.Over == IntervalKind.TestImages)
            ? $"Wilson’s pointwise 95 % interval over {table.Settings.TestSet}, not over seeds" : "";
        string measure = table.Metric == Metric.Accuracy ? "Test accuracy in percent" : $"{char.ToUpperInvariant(table.Metric.Label[0])}{table.Metric.Label[1..]}{(table.Metric.IsStep ? "" : " in percent")}";
        string accuracy = counts[^1] == 1
            ? $"{measure} of one seed (n = 1), {(images.Length > 0 ? $"with {images}" : "without an interval")}."
            : $"{measure}, mean of the replicates ({n} seeds) and pointwise 95 % interval (Student’s t{(images.Length > 0 ? $"; where n = 1, {images}" : "")}).";
        if (LostReplicates.Describe(table) is { Length: > 0 } lost) accuracy += $" {lost}";
        string learned = table.Rows.Any(row => row.IsLearned) ? " Of learned supermasks: the mean of ten sampled masks, at the density of the thresholded mask." : "";
        bool isTested = table.Rows.Any(row => row.AgainstDense is { IsTested: true });
        string unit = table.Metric.IsStep ? "" : " in percentage points";
        string dense = table.Rows.All(row => row.AgainstDense is null) ? "" : $" (d): the difference from {table.RootName}{unit}, paired by seed"
            + (!isTested ? "." : $"; {(table.Metric.IsStep ? "" : $"= as good (at most {StudyColumns.Margins(table.Rows)} lower), ")}an arrow marks a difference that is shown, each with Holm’s correction over {StudyColumns.Family(table.Rows)}.");
        if (section.Conditions.Length == 1) return $"{section.Name}. {accuracy}{learned}{dense}";
        string test = counts[^1] == 1 ? "" : ", with an interval that is not corrected; an arrow marks a difference that is shown at the 5 % level, "
            + "two-sided, with Holm’s correction over the conditions of a density";
        return $"{section.Name}. {accuracy}{learned} Bold: the best mean of a density.{dense} (r): the difference from {section.Conditions[0].Name}{unit}, paired by seed{test}.";
    }

    /// <summary>The text with its special characters escaped.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
            escaped.Append(rune.Value switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '<' => "\\textless{}",
                '>' => "\\textgreater{}",
                '|' => "\\textbar{}",
                '"' => "''",
                '{' or '}' or '$' or '&' or '#' or '%' or '_' => $"\\{rune}",
                '−' => "$-$",
                '–' => "--",
                '×' => "$\\times$",
                '·' => "$\\cdot$",
                '’' => "'",
                '…' => "\\dots{}",
                _ when Rune.IsControl(rune) => " ",
                _ => rune.ToString(),
            });
        // A number stays with its percent sign.
        return escaped.Replace(" \\%", "\\,\\%").ToString();
    }
}
