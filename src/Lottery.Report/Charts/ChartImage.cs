using System.Text;
using SkiaSharp;

namespace Lottery.Report.Charts;

/// <summary>A chart as an image without a browser: for papers, for READMEs, and for a page that is printed.</summary>
internal static class ChartImage
{
    private const int Width = 760;
    private const float PngScale = 2;

    /// <summary>Scalable, with its text as text.</summary>
    /// <param name="chart">What to draw.</param>
    /// <param name="frame">Which of its frames.</param>
    /// <param name="titled">Whether its title stands over it.</param>
    public static string Svg(Chart chart, int frame, bool titled = true)
    {
        var sheet = new ChartLayout(chart, frame, Width, titled);
        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(sheet.Width, sheet.Height), stream)) sheet.Draw(canvas);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>In pixels, two for each point of the scalable one.</summary>
    /// <param name="chart">What to draw.</param>
    /// <param name="frame">Which of its frames.</param>
    public static byte[] Png(Chart chart, int frame)
    {
        var sheet = new ChartLayout(chart, frame, Width, titled: true);
        using var surface = SKSurface.Create(new SKImageInfo((int)(sheet.Width * PngScale), (int)(sheet.Height * PngScale)));
        surface.Canvas.Scale(PngScale);
        sheet.Draw(surface.Canvas);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
