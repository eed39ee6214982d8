using System.Text;
using Lottery.Report.Charts;

namespace Lottery.Report.Pages;

/// <summary>Each figure of a report as a file of its own.</summary>
public static class FigureFiles
{
    /// <summary>Names and contents.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="format">CSV has all of a figure's numbers; an image has the frame that the page shows first.</param>
    public static IEnumerable<(string Name, byte[] Content)> Of(ReportDocument report, FigureFormat format) =>
        from chapter in report.Chapters
        from figure in chapter.Figures
        select ($"{chapter.Chapter.Anchor}-{figure.Key}.{format.ToString().ToLowerInvariant()}", Content(figure, format));

    private static byte[] Content(Figure figure, FigureFormat format) => format switch
    {
        FigureFormat.Csv => Encoding.UTF8.GetBytes(FigureTable.Of(figure).Csv()),
        FigureFormat.Svg => Encoding.UTF8.GetBytes(PaperChart.Svg(figure, figure.First)),
        FigureFormat.Png => PaperChart.Png(figure, figure.First),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "A format that no figure has."),
    };
}

/// <summary>What a figure can be written as.</summary>
public enum FigureFormat
{
    /// <summary>Its numbers.</summary>
    Csv,

    /// <summary>A scalable image.</summary>
    Svg,

    /// <summary>An image in pixels.</summary>
    Png,
}
