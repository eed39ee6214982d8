using System.Globalization;
using System.Text;
using Lottery.Report.Charts;

namespace Lottery.Report.Pages;

/// <summary>The report: one file that says what was found, shows it, and tells how to do it again.</summary>
public static class ReportPage
{
    /// <summary>A finding of so many letters is set smaller.</summary>
    private const int LongFinding = 250;

    /// <summary>The document.</summary>
    public static string Write(ReportDocument report) => new Page
    {
        Title = report.Title,
        Kind = $"Lottery report · {report.Store}",
        Contents = [.. report.Chapters.SelectMany(chapter => Contents(report, chapter))],
        Body = Html.Of($"""
            {report.Notes.Select(note => Html.Of($"<p class=\"note\">{note}</p>"))}
            {report.Chapters.Select(chapter => Section(report, chapter))}
            """),
        Foot = $"Written by lottery {report.Version}, {report.Written.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC. "
            + "Figures are drawn by plotly.js (MIT licence), which this file carries: it needs no network.",
        Scripts = Assets.Inline,
    }.Write();

    private static IEnumerable<(string Anchor, string Name)> Contents(ReportDocument report, ReportChapter chapter) => report.Chapters.Length > 1
        ? [(chapter.Chapter.Anchor, chapter.Chapter.Name)]
        :
        [
            .. chapter.Figures.Select(figure => (Anchor(chapter, figure), figure.Title)),
            ($"{chapter.Chapter.Anchor}-made", "How this was made"),
        ];

    private static string Anchor(ReportChapter chapter, Figure figure) => $"{chapter.Chapter.Anchor}-{figure.Key}";

    private static Html Section(ReportDocument report, ReportChapter chapter)
    {
        string anchor = chapter.Chapter.Anchor;
        return Html.Of($"""
            <section id="{anchor}" aria-labelledby="{anchor}-title">
            <h2 id="{anchor}-title">{(report.Chapters.Length > 1 ? chapter.Chapter.Name : "What was found")}</h2>
            <p class="finding{(chapter.Chapter.Finding.Length > LongFinding ? " long" : "")}">{chapter.Chapter.Finding}</p>
            {ProvenanceHtml.Facts(chapter)}
            {ResultsHtml.Of(chapter.Chapter)}
            {chapter.Figures.Select(figure => FigureHtml.Of(figure, Anchor(chapter, figure), Drawing(figure)))}
            {chapter.Left.Select(sentence => Html.Of($"<p class=\"note\">{sentence}</p>"))}
            {ProvenanceHtml.Of(chapter)}
            </section>

            """);
    }

    /// <summary>The drawing for paper, as an image of its own so that nothing in it can meet anything in the page.</summary>
    private static Html Drawing(Figure figure)
    {
        string svg = Convert.ToBase64String(Encoding.UTF8.GetBytes(PaperChart.Svg(figure, figure.First, titled: false)));
        return Html.Of($"<img alt=\"{figure.Title}; the numbers are in the table below\" src=\"data:image/svg+xml;base64,{new Html(svg)}\">");
    }
}
