using System.Buffers.Binary;
using System.Text;
using Lottery.Report.Charts;
using SkiaSharp;

namespace Lottery.Report.Drawing;

/// <summary>Writes the image of a chart's first frame, for papers, READMEs and printed pages.</summary>
internal static class ChartImage
{
    /// <summary>The density of PNG files: what publishers ask for.</summary>
    private const double PixelsPerInch = 300;

    private const double PointsPerInch = 72;

    /// <summary>An SVG file: it has a viewBox, and text as text.</summary>
    public static string WriteSvg(Chart chart, ChartStyle style)
    {
        var drawing = new ChartDrawing(chart, style);
        var canvas = new SvgCanvas(drawing.Width, drawing.Height, chart.Title);
        drawing.Draw(canvas);
        return canvas.Write();
    }

    /// <summary>A PNG file with 300 pixels an inch.</summary>
    public static byte[] WritePng(Chart chart, ChartStyle style)
    {
        var drawing = new ChartDrawing(chart, style);
        const float scale = (float)(PixelsPerInch / PointsPerInch);
        using var surface = SKSurface.Create(new SKImageInfo((int)Math.Round(drawing.Width * scale), (int)Math.Round(drawing.Height * scale)));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        drawing.Draw(new SkiaCanvas(surface.Canvas, Typeface.Face));
        using SKImage snapshot = surface.Snapshot();
        using SKData data = snapshot.Encode(SKEncodedImageFormat.Png, 100);
        return WithDensity(data.ToArray());
    }

    /// <summary>A PDF file with one page of the chart's size, whose text can be selected; equal charts are equal files.</summary>
    public static byte[] WritePdf(Chart chart, ChartStyle style)
    {
        var drawing = new ChartDrawing(chart, style);
        using var stream = new MemoryStream();
        var metadata = new SKDocumentPdfMetadata { Title = chart.Title, Creator = "lottery", Producer = "lottery", EncodingQuality = 101, RasterDpi = (float)PointsPerInch };
        // Every character that is drawn stands in the SVG file.
        string text = string.Concat(WriteSvg(chart, style).Where(c => c > ' ').Distinct().Append(' '));
        SKTypeface plain = FontSubset.Create(Typeface.Face(bold: false), text), bold = FontSubset.Create(Typeface.Face(bold: true), text);
        using (var document = SKDocument.CreatePdf(stream, metadata))
        {
            drawing.Draw(new SkiaCanvas(document.BeginPage((float)drawing.Width, (float)drawing.Height), isBold => isBold ? bold : plain));
            document.EndPage();
            document.Close();
        }
        return stream.ToArray();
    }

    /// <summary>The file with its size on paper (PNG's <c>pHYs</c>, pixels per metre), which Skia does not write.</summary>
    private static byte[] WithDensity(byte[] png)
    {
        const int afterHeader = 8 + 12 + 13;
        Span<byte> chunk = stackalloc byte[12 + 9];
        BinaryPrimitives.WriteInt32BigEndian(chunk, 9);
        Encoding.ASCII.GetBytes("pHYs", chunk[4..]);
        int perMetre = (int)Math.Round(PixelsPerInch / 0.0254);
        BinaryPrimitives.WriteInt32BigEndian(chunk[8..], perMetre);
        BinaryPrimitives.WriteInt32BigEndian(chunk[12..], perMetre);
        chunk[16] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(chunk[17..], Crc(chunk[4..17]));
        return [.. png.AsSpan(0, afterHeader), .. chunk, .. png.AsSpan(afterHeader)];
    }

    /// <summary>CRC-32 as PNG has it.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
