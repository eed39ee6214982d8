using Lottery.Report.Charts;

namespace Lottery.Report.Pages;

/// <summary>A figure in a page: heading, how to read it, the drawing for paper, its numbers as a table and as JSON.</summary>
public static class FigureHtml
{
    /// <summary>A longer table is written by the page's script when it is opened.</summary>
    private const int LongestTable = 120;

    /// <summary>The element.</summary>
    /// <param name="figure">What to show.</param>
    /// <param name="anchor">Its id in the page.</param>
    /// <param name="drawing">The same without a script, for paper: an image.</param>
    public static Html Of(Figure figure, string anchor, Html drawing) => Html.Of($"""
        <figure class="figure" id="{anchor}" aria-labelledby="{anchor}-title">
        <figcaption><h3 id="{anchor}-title">{figure.Title}</h3><p>{figure.Text}</p></figcaption>
        <div class="legend" role="group" aria-label="Shown in {figure.Title}"></div>
        <div class="live"></div>
        <div class="paper">{drawing}</div>
        <div class="under">
        <div class="steps"></div>
        <div class="tools" role="group" aria-label="Download {figure.Title}">
        <button type="button" class="quiet" data-save="svg">SVG</button><button type="button" class="quiet" data-save="png">PNG</button><button type="button" class="quiet" data-save="csv">CSV</button>
        </div>
        </div>
        <details><summary>Numbers<span class="unseen"> of {figure.Title}</span></summary><div class="scroll" tabindex="0" role="region" aria-label="Numbers of {figure.Title}">{Table(figure)}</div></details>
        <script type="application/json" class="data">{new Html(FigureJson.Of(figure))}</script>
        </figure>

        """);

    private static Html Table(Figure figure)
    {
        var table = FigureTable.Of(figure);
        return table.Rows.Length <= LongestTable ? TableHtml.Of(table) : Html.Empty;
    }
}
