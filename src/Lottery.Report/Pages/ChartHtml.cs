using Lottery.Report.Charts;

namespace Lottery.Report.Pages;

/// <summary>A chart in a page: heading, how to read it, the drawing for paper, its numbers as a table and as JSON.</summary>
internal static class ChartHtml
{
    /// <summary>A longer table is written by the page's script when it is opened.</summary>
    private const int LongestTable = 120;

    /// <summary>The element.</summary>
    /// <param name="chart">What to show.</param>
    /// <param name="anchor">Its id in the page.</param>
    /// <param name="drawing">The same without a script, for paper: an image.</param>
    public static Html Of(Chart chart, string anchor, Html drawing) => Html.Of($"""
        <figure class="chart" id="{anchor}" aria-labelledby="{anchor}-title">
        <figcaption><h3 id="{anchor}-title">{chart.Title}</h3><p>{chart.Text}</p></figcaption>
        <div class="legend" role="group" aria-label="Shown in {chart.Title}"></div>
        <div class="live"></div>
        <div class="paper">{drawing}</div>
        <div class="under">
        <div class="steps"></div>
        <div class="tools" role="group" aria-label="Download {chart.Title}">
        <button type="button" class="quiet" data-save="svg">SVG</button><button type="button" class="quiet" data-save="png">PNG</button><button type="button" class="quiet" data-save="csv">CSV</button>
        </div>
        </div>
        <details><summary>Numbers<span class="unseen"> of {chart.Title}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Numbers of {chart.Title}">{Table(chart)}</div></details>
        <script type="application/json" class="data">{new Html(ChartJson.Of(chart))}</script>
        </figure>

        """);

    private static Html Table(Chart chart)
    {
        var table = ChartTable.Of(chart);
        return table.Rows.Length <= LongestTable ? TableHtml.Of(table) : Html.Empty;
    }
}
