using System.Text;
using Lottery.Report.Charts;
using Lottery.Report.Drawing;
using Lottery.Report.Tables;

namespace Lottery.Report.Pages;

/// <summary>A report as one HTML file that needs no network: results, charts, and the commands that repeat the runs.</summary>
internal static class ReportPage
{
    /// <summary>A finding with more characters than this is set in a smaller font.</summary>
    private const int LongFinding = 250;

    private static readonly ChartStyle s_style = new();

    /// <summary>The HTML document.</summary>
    public static string Write(RunReport report) => new HtmlPage
    {
        Title = report.Title,
        Kind = $"Lottery report · {report.Store}",
        Contents = [.. report.Sections.SelectMany(content => Contents(report, content))],
        Body = Html.Of($"""
            {report.Notes.Select(note => Html.Of($"<p class=\"note\">{note}</p>"))}
            {report.Sections.Select(content => Section(report, content))}
            """),
        Foot = $"Written by lottery {RunReport.Version}, {NumberFormat.Minute(report.Created)} UTC. "
            + "Charts are drawn by plotly.js (MIT licence), which this file contains: it needs no network.",
        Scripts = Assets.Inline,
    }.Write();

    private static IEnumerable<(string Anchor, string Name)> Contents(RunReport report, SectionContent content) => report.Sections.Length > 1
        ? [(content.Section.Anchor, content.Section.Name)]
        :
        [
            .. content.Charts.Select(chart => (Anchor(content, chart), chart.Title)),
            ($"{content.Section.Anchor}-provenance", ProvenanceHtml.Title),
        ];

    private static string Anchor(SectionContent content, Chart chart) => $"{content.Section.Anchor}-{chart.Key}";

    private static Html Section(RunReport report, SectionContent content)
    {
        string anchor = content.Section.Anchor;
        return Html.Of($"""
            <section id="{anchor}" aria-labelledby="{anchor}-title">
            <h2 id="{anchor}-title">{(report.Sections.Length > 1 ? content.Section.Name : "Result")}</h2>
            <p class="finding{(content.Section.Finding.Length > LongFinding ? " long" : "")}">{content.Section.Finding}</p>
            {ProvenanceHtml.RenderFacts(content)}
            {ResultsHtml.Render(content.Section)}
            {content.Charts.Select(chart => ChartHtml.Render(chart, Anchor(content, chart), Image(chart)))}
            {content.Omissions.Select(sentence => Html.Of($"<p class=\"note\">{sentence}</p>"))}
            {ProvenanceHtml.Render(content)}
            </section>

            """);
    }

    /// <summary>The chart for print, as an image element, so that its ids and styles cannot affect the page.</summary>
    private static Html Image(Chart chart)
    {
        string svg = Convert.ToBase64String(Encoding.UTF8.GetBytes(ChartImage.WriteSvg(chart, s_style)));
        return Html.Of($"<img alt=\"{chart.Title}; the numbers are in the table below\" src=\"data:image/svg+xml;base64,{new Html(svg)}\">");
    }
}
