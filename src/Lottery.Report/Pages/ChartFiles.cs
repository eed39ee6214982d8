using System.Text;
using Lottery.Report.Charts;

namespace Lottery.Report.Pages;

/// <summary>Each chart of a report as a file of its own.</summary>
internal static class ChartFiles
{
    /// <summary>Names and contents.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="format">CSV has all of a chart's numbers; an image has the frame that the page shows first.</param>
    public static IEnumerable<(string Name, byte[] Content)> Of(ReportDocument report, ChartFormat format) =>
        from section in report.Sections
        from chart in section.Charts
        select ($"{section.Section.Anchor}-{chart.Key}.{format.ToString().ToLowerInvariant()}", Content(chart, format));

    private static byte[] Content(Chart chart, ChartFormat format) => format switch
    {
        ChartFormat.Csv => Encoding.UTF8.GetBytes(ChartTable.Of(chart).Csv()),
        ChartFormat.Svg => Encoding.UTF8.GetBytes(ChartImage.Svg(chart, chart.First)),
        ChartFormat.Png => ChartImage.Png(chart, chart.First),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "A format that no chart has."),
    };
}

/// <summary>What a chart can be written as.</summary>
internal enum ChartFormat
{
    /// <summary>Its numbers.</summary>
    Csv,

    /// <summary>A scalable image.</summary>
    Svg,

    /// <summary>An image in pixels.</summary>
    Png,
}
