using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>The table of results: a row per density, a column per condition, each compared with the reference.</summary>
internal static class ResultsHtml
{
    /// <summary>The table, and a sentence that explains its marks.</summary>
    public static Html Render(ReportSection section)
    {
        var results = ResultsTable.Create(section);
        return Html.Of($"""
            <p class="caption">{Caption(section, results.Table)}</p>
            <div class="scroll results" tabindex="0" role="region" aria-label="Results of {section.Name}">
            <table><thead><tr><th scope="col">density</th>{section.Conditions.Select(one => Html.Of($"<th scope=\"col\">{one.Name}</th>"))}</tr></thead>
            <tbody>{results.Rows.Select(row => Html.Of($"<tr><th scope=\"row\">{NumberFormat.Density(row.Density)}</th>{row.Cells.Select(cell => cell is null ? Html.Of($"<td></td>") : Cell(cell, results.Table.FewestReplicates < results.Table.Replicates))}</tr>\n"))}</tbody></table>
            </div>
            """);
    }

    /// <summary>What the cells are; it names no interval that no cell has.</summary>
    internal static string Caption(ReportSection section, StudyTable table)
    {
        bool hasIntervals = table.Rows.Any(row => double.IsFinite(row.Accuracy.Low));
        string unit = $"Test accuracy in percent. {Labels.Brackets(table.FewestReplicates, table.Replicates, hasIntervals ? table.TestImages : 0)}";
        return section.Conditions.Length == 1 ? unit
            : $"{unit} In small print: the difference from {section.Conditions[0].Name} in points"
                + (table.Replicates > 1 ? "; ▲ shown to be better, ▼ shown to be worse (5 %, Holm over a row)." : ".");
    }

    private static Html Cell(StudyRow row, bool hasCounts)
    {
        Estimate accuracy = row.Accuracy;
        Html interval = double.IsNaN(accuracy.Low) ? Html.Empty
            : Html.Of($" <span class=\"ci\">[{NumberFormat.Percent(accuracy.Low)} {NumberFormat.Percent(accuracy.High)}]</span>");
        string mark = row.Verdict switch { 1 => "▲ ", -1 => "▼ ", _ => "" };
        Html difference = row.IsReference || row.Difference is not { } against ? Html.Empty
            : Html.Of($"<br><span class=\"ci\">{mark}{NumberFormat.Difference(against.Estimate)}</span>");
        Html count = hasCounts ? Html.Of($" <span class=\"ci\">n = {accuracy.Count}</span>") : Html.Empty;
        return Html.Of($"<td{new Html(row.IsBest ? " class=\"best\"" : "")}>{NumberFormat.Percent(accuracy.Mean)}{interval}{count}{difference}</td>");
    }
}
