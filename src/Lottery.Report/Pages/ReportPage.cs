using System.Globalization;
using System.Text;
using Lottery.Report.Charts;

namespace Lottery.Report.Pages;

/// <summary>The report: one file that says what was found, shows it, and tells how to do it again.</summary>
internal static class ReportPage
{
    /// <summary>A finding of so many letters is set smaller.</summary>
    private const int LongFinding = 250;

    /// <summary>The document.</summary>
    public static string Write(ReportDocument report) => new HtmlPage
    {
        Title = report.Title,
        Kind = $"Lottery report · {report.Store}",
        Contents = [.. report.Sections.SelectMany(section => Contents(report, section))],
        Body = Html.Of($"""
            {report.Notes.Select(note => Html.Of($"<p class=\"note\">{note}</p>"))}
            {report.Sections.Select(section => Section(report, section))}
            """),
        Foot = $"Written by lottery {report.Version}, {report.Written.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC. "
            + "Charts are drawn by plotly.js (MIT licence), which this file carries: it needs no network.",
        Scripts = Assets.Inline,
    }.Write();

    private static IEnumerable<(string Anchor, string Name)> Contents(ReportDocument report, SectionContent section) => report.Sections.Length > 1
        ? [(section.Section.Anchor, section.Section.Name)]
        :
        [
            .. section.Charts.Select(chart => (Anchor(section, chart), chart.Title)),
            ($"{section.Section.Anchor}-made", "How this was made"),
        ];

    private static string Anchor(SectionContent section, Chart chart) => $"{section.Section.Anchor}-{chart.Key}";

    private static Html Section(ReportDocument report, SectionContent section)
    {
        string anchor = section.Section.Anchor;
        return Html.Of($"""
            <section id="{anchor}" aria-labelledby="{anchor}-title">
            <h2 id="{anchor}-title">{(report.Sections.Length > 1 ? section.Section.Name : "What was found")}</h2>
            <p class="finding{(section.Section.Finding.Length > LongFinding ? " long" : "")}">{section.Section.Finding}</p>
            {ProvenanceHtml.Facts(section)}
            {ResultsHtml.Of(section.Section)}
            {section.Charts.Select(chart => ChartHtml.Of(chart, Anchor(section, chart), Drawing(chart)))}
            {section.Omissions.Select(sentence => Html.Of($"<p class=\"note\">{sentence}</p>"))}
            {ProvenanceHtml.Of(section)}
            </section>

            """);
    }

    /// <summary>The drawing for paper, as an image of its own so that nothing in it can meet anything in the page.</summary>
    private static Html Drawing(Chart chart)
    {
        string svg = Convert.ToBase64String(Encoding.UTF8.GetBytes(ChartImage.Svg(chart, chart.First, titled: false)));
        return Html.Of($"<img alt=\"{chart.Title}; the numbers are in the table below\" src=\"data:image/svg+xml;base64,{new Html(svg)}\">");
    }
}
