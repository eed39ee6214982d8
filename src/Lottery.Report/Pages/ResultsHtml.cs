using Lottery.Report.Sections;
using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>The table of results: a row a density, a column a treatment, each held against the reference.</summary>
public static class ResultsHtml
{
    /// <summary>The table with what its marks mean.</summary>
    public static Html Of(Chapter chapter)
    {
        StudyTable table = chapter.Table;
        var rows = table.Rows.GroupBy(row => row.Standard ?? row.Density).OrderByDescending(row => row.Key);
        return Html.Of($"""
            <p class="reading">{Caption(chapter, table)}</p>
            <div class="scroll results" tabindex="0" role="region" aria-label="Results of {chapter.Name}">
            <table><thead><tr><th scope="col">remaining</th>{chapter.Treatments.Select(one => Html.Of($"<th scope=\"col\">{one.Name}</th>"))}</tr></thead>
            <tbody>{rows.Select(row => Html.Of($"<tr><th scope=\"row\">{Figures.Density(row.Key)}</th>{Cells(chapter, [.. row])}</tr>\n"))}</tbody></table>
            </div>
            """);
    }

    private static string Caption(Chapter chapter, StudyTable table)
    {
        string unit = chapter.Replicates == 1 ? "Test accuracy in percent; with one replicate there is no interval over seeds."
            : "Test accuracy in percent, mean and 95 % interval over replicates.";
        return chapter.Treatments.Length == 1 ? unit
            : $"{unit} Small: the difference to {chapter.Treatments[0].Name} in points, paired by seed"
                + (table.Replicates > 1 ? "; ▲ shown to be better, ▼ worse (5 %, Holm over a row)." : ".");
    }

    private static IEnumerable<Html> Cells(Chapter chapter, StudyRow[] rows)
    {
        foreach (Treatment treatment in chapter.Treatments)
        {
            StudyRow? row = rows.FirstOrDefault(row => treatment.Levels.Any(level => level.Level == row.Level
                && string.Join(' ', level.Runs.Select(run => run.Id)) == row.Ids));
            row ??= rows.FirstOrDefault(row => row.Values.Zip(treatment.Values).All(pair => pair.First is null || pair.First == pair.Second));
            yield return row is null ? Html.Of($"<td></td>") : Cell(row);
        }
    }

    private static Html Cell(StudyRow row)
    {
        Estimate accuracy = row.Accuracy;
        Html interval = double.IsNaN(accuracy.Low) ? Html.Empty
            : Html.Of($" <span class=\"ci\">[{Figures.Percent(accuracy.Low)} {Figures.Percent(accuracy.High)}]</span>");
        string mark = row.Verdict switch { 1 => "▲ ", -1 => "▼ ", _ => "" };
        Html difference = row.IsReference || row.Difference is not { } against ? Html.Empty
            : Html.Of($"<br><span class=\"ci\">{mark}{Figures.Difference(against.Estimate)}</span>");
        return Html.Of($"<td{new Html(row.IsBest ? " class=\"best\"" : "")}>{Figures.Percent(accuracy.Mean)}{interval}{difference}</td>");
    }
}
