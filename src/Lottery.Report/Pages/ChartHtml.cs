using Lottery.Report.Charts;

namespace Lottery.Report.Pages;

/// <summary>A chart in a page: heading, caption, image for print, and its values as a table and as JSON for the script.</summary>
internal static class ChartHtml
{
    /// <summary>Rows of a table that is written into the page; the script writes longer ones when they are opened.</summary>
    private const int MostRows = 120;

    /// <summary>The <c>figure</c> element of a chart.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="anchor">Its id in the page.</param>
    /// <param name="image">Its image for print and for browsers without scripts; empty if there is none.</param>
    public static Html Render(Chart chart, string anchor, Html image) => Html.Of($"""
        <figure class="chart" id="{anchor}" aria-labelledby="{anchor}-title">
        <figcaption><h3 id="{anchor}-title">{chart.Title}</h3><p>{chart.Text}</p></figcaption>
        <div class="legend" role="group" aria-label="Shown in {chart.Title}"></div>
        <div class="live"></div>
        <div class="print">{image}</div>
        <div class="under">
        <div class="steps"></div>
        <div class="tools" role="group" aria-label="Download {chart.Title}">
        <button type="button" class="quiet" data-save="svg">SVG</button><button type="button" class="quiet" data-save="png">PNG</button><button type="button" class="quiet" data-save="csv">CSV</button>
        </div>
        </div>
        <details><summary>Numbers<span class="visually-hidden"> of {chart.Title}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Numbers of {chart.Title}">{Table(chart)}</div></details>
        <script type="application/json" class="data">{new Html(ChartJson.Write(chart))}</script>
        </figure>

        """);

    private static Html Table(Chart chart)
    {
        var table = ChartTable.Create(chart);
        return table.Rows.Length <= MostRows ? TableHtml.Render(table) : Html.Empty;
    }
}
