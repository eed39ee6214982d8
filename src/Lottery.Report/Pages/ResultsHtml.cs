using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>The table of results: a row per density, a column per condition, each compared with the reference.</summary>
internal static class ResultsHtml
{
    /// <summary>The table with a sentence that explains its marks, and folded away every comparison in a row of its own.</summary>
    public static Html Render(ReportSection section)
    {
        var results = ResultsTable.Create(section);
        return Html.Of($"""
            <p class="caption">{Caption(section, results.Table)}</p>
            <div class="scroll results" tabindex="0" role="region" aria-label="Results of {section.Name}">
            <table><thead><tr><th scope="col">{DensityHeading(results.Table)}</th>{section.Conditions.Select(one => Html.Of($"<th scope=\"col\">{one.Name}</th>"))}</tr></thead>
            <tbody>{results.Rows.Select(row => Html.Of($"<tr><th scope=\"row\">{Density(row)}</th>{row.Cells.Select(cell => cell is null ? Html.Of($"<td></td>") : Cell(cell, results.Table))}</tr>\n"))}</tbody></table>
            </div>
            {Best(section)}
            <details><summary>Every comparison<span class="visually-hidden"> of {section.Name}</span></summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Every comparison of {section.Name}">{TableHtml.Render(results.Table.Columns, results.Table.Rows)}</div>
            {Notes(results.Table.Notes)}
            </details>
            """);
    }

    /// <summary>What the cells are; it names no interval that no cell has.</summary>
    internal static string Caption(ReportSection section, StudyTable table)
    {
        Metric metric = table.Metric;
        string unit = metric == Metric.Accuracy ? "Test accuracy in percent" : $"{char.ToUpperInvariant(metric.Label[0])}{metric.Label[1..]}{(metric.IsStep ? "" : ", in percent")}";
        bool hasImages = table.Rows.Any(row => row.Value.Over == IntervalKind.TestImages);
        string points = metric.IsStep ? "" : " in points";
        string[] small =
        [
            .. table.Rows.Any(row => row.AgainstDense is not null) ? [$"(d) the difference from {table.RootName}{points}{Dense(table)}"] : (string[])[],
            .. section.Conditions.Length > 1 ? [$"(r) the difference from {section.Conditions[0].Name}{points}{(table.Replicates > 1 ? ": ▲ better, ▼ worse (5 %, Holm over a row)" : "")}"] : (string[])[],
        ];
        return $"{unit}. {Labels.Brackets(table.FewestReplicates, table.Replicates, hasImages ? table.Settings.TestSet : null)}"
            + (small.Length == 0 ? "" : $" In small print: {string.Join("; ", small)}.")
            + (LostReplicates.Note(table) is { Length: > 0 } lost ? $" {lost}" : "");
    }

    private static string Dense(StudyTable table) => table.Rows.All(row => row.AgainstDense is not { IsTested: true }) ? ""
        : $": {(table.Metric.IsStep ? "" : $"= as good (at most {StudyColumns.Margins(table.Rows)} lower), ")}▲ better, ▼ worse (95 %, Holm over {StudyColumns.Family(table.Rows)})";

    /// <summary>The heading of the densities: which weights they count, where that matters.</summary>
    private static string DensityHeading(StudyTable table) => StudyColumns.HasOther(table) ? "density (of all weights)" : "density";

    private static string Density(ResultsRow row)
    {
        string own = NumberFormat.Density(row.Density);
        string all = row.Cells.OfType<StudyRow>().Select(cell => NumberFormat.Density(StudyColumns.DensityOfAll(cell))).FirstOrDefault(own);
        return own == all ? own : $"{own} ({all})";
    }

    private static Html Best(ReportSection section) => !section.IsUntrained || section.Best.IsEmpty ? Html.Empty : Html.Of($"""
        <div class="scroll" tabindex="0" role="region" aria-label="Best densities of {section.Name}">{TableHtml.Render(BestDensities.Columns, section.Best)}</div>
        {Notes(BestDensities.Notes(section.Settings.Examples))}
        """);

    private static Html Notes(IEnumerable<string> notes) => Html.Of($"<p class=\"note\">{string.Join(' ', notes)}</p>");

    private static Html Cell(StudyRow row, StudyTable table)
    {
        Metric metric = table.Metric;
        string[] value = metric.Write(row.Value).Split(' ', 2);
        Html interval = value.Length == 1 ? Html.Empty : Html.Of($" <span class=\"ci\">{value[1]}</span>");
        string mark = row.Verdict switch { 1 => "▲ ", -1 => "▼ ", _ => "" };
        Html dense = row.AgainstDense is not { } root ? Html.Empty
            : Html.Of($"<br><span class=\"ci\">(d) {(root.Marks.Length > 0 ? root.Marks + " " : "")}{metric.WriteDifference(root.Value.Estimate)}</span>");
        Html difference = row.IsReference || row.Difference is not { } against ? Html.Empty
            : Html.Of($"<br><span class=\"ci\">(r) {mark}{metric.WriteDifference(against.Estimate)}</span>");
        Html count = StudyColumns.HasCounts(table) ? Html.Of($" <span class=\"ci\">n = {row.CountText}</span>") : Html.Empty;
        return Html.Of($"<td{new Html(row.IsBest ? " class=\"best\"" : "")}>{value[0]}{interval}{count}{dense}{difference}</td>");
    }
}
