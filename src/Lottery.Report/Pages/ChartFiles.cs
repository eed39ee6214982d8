using System.Text;
using Lottery.Report.Charts;

namespace Lottery.Report.Pages;

/// <summary>Every chart of a report as a separate file.</summary>
internal static class ChartFiles
{
    /// <summary>The names of the files and their contents.</summary>
    /// <param name="report">The report.</param>
    /// <param name="format">A CSV file has all values of a chart; an image has the frame that the page shows first.</param>
    public static IEnumerable<(string Name, byte[] Content)> Write(RunReport report, ChartFormat format) =>
        from content in report.Sections
        from chart in content.Charts
        select ($"{content.Section.Anchor}-{chart.Key}.{format.ToString().ToLowerInvariant()}", Write(chart, format));

    private static byte[] Write(Chart chart, ChartFormat format) => format switch
    {
        ChartFormat.Csv => Encoding.UTF8.GetBytes(ChartTable.Create(chart).WriteCsv()),
        ChartFormat.Svg => Encoding.UTF8.GetBytes(ChartImage.WriteSvg(chart)),
        ChartFormat.Png => ChartImage.WritePng(chart),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown format of a chart."),
    };
}

/// <summary>The format of a chart's file.</summary>
public enum ChartFormat
{
    /// <summary>The values as a table.</summary>
    Csv,

    /// <summary>A vector image.</summary>
    Svg,

    /// <summary>An image of pixels.</summary>
    Png,
}
