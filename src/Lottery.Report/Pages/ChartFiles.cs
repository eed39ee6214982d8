using System.Text;
using Lottery.Report.Charts;
using Lottery.Report.Drawing;

namespace Lottery.Report.Pages;

/// <summary>Every chart of a report as a separate file.</summary>
internal static class ChartFiles
{
    /// <summary>The names of the files and their contents.</summary>
    /// <param name="report">The report.</param>
    /// <param name="format">A CSV file has all values of a chart; an image has the frame that the page shows first.</param>
    /// <param name="style">The size and the colours of images.</param>
    /// <exception cref="UserException">The style cannot be drawn.</exception>
    public static IEnumerable<(string Name, byte[] Content)> Write(RunReport report, ChartFormat format, ChartStyle style)
    {
        style.Check();
        return from content in report.Sections
               from chart in content.Charts
               select ($"{content.Section.Anchor}-{chart.Key}.{format.ToString().ToLowerInvariant()}", Write(chart, format, style));
    }

    private static byte[] Write(Chart chart, ChartFormat format, ChartStyle style) => format switch
    {
        ChartFormat.Csv => Encoding.UTF8.GetBytes(ChartTable.Create(chart).WriteCsv()),
        ChartFormat.Svg => Encoding.UTF8.GetBytes(ChartImage.WriteSvg(chart, style)),
        ChartFormat.Png => ChartImage.WritePng(chart, style),
        ChartFormat.Pdf => ChartImage.WritePdf(chart, style),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown format of a chart."),
    };
}

/// <summary>The format of a chart's file.</summary>
public enum ChartFormat
{
    /// <summary>The values as a table.</summary>
    Csv,

    /// <summary>A vector image for documents and the web.</summary>
    Svg,

    /// <summary>An image of pixels, 300 an inch.</summary>
    Png,

    /// <summary>A vector image for LaTeX: a page of the chart's size.</summary>
    Pdf,
}
