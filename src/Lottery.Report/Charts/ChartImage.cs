using System.Collections.Immutable;
using System.Text;
using ScottPlot;
using ScottPlot.Rendering.RenderActions;
using SkiaSharp;

namespace Lottery.Report.Charts;

/// <summary>
/// A chart as an image, without a browser: title, legend, and the panels of one frame. Papers, READMEs and printed pages
/// use it.
/// </summary>
internal sealed class ChartImage
{
    private const int ImageWidth = 760;
    private const float PngScale = 2;
    private const float Left = 14, TitleSize = 16, LegendSize = 12.5f, LegendLine = 20, Gap = 12;
    private static readonly string[] s_families =
        ["Inter", "Helvetica Neue", "Segoe UI", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans"];

    private readonly Chart _chart;
    private readonly ChartFrame _frame;
    private readonly (Mark Mark, float X, float Y)[] _legend;
    private readonly int _across;
    private readonly bool _titled;
    private readonly float _head, _top, _panelWidth, _panelHeight;
    private readonly int _height;

    private ChartImage(Chart chart, bool titled)
    {
        (_chart, _frame, _titled) = (chart, chart.Frames[chart.First], titled);
        _head = titled || _frame.Label.Length > 0 ? 34 : 4;
        _legend = [.. LayOutLegend()];
        _top = _head + (_legend.Length == 0 ? 6 : _legend[^1].Y + LegendLine + 6);
        ImmutableArray<ChartPanel> panels = _frame.Panels;
        bool pixels = chart.X.Kind == AxisKind.Pixels;
        _across = panels.Length == 1 ? 1 : pixels ? Math.Min(panels.Length, 6) : Math.Min(panels.Length, panels.Length == 4 ? 2 : 3);
        _panelWidth = (ImageWidth - 2 * Left - (_across - 1) * Gap) / _across;
        _panelHeight = pixels ? ImageHeight(panels[0]) : panels.Length > 1 ? Math.Min(260, _panelWidth * 0.8f + Heading) : BodyHeight(panels[0]);
        int rows = (panels.Length + _across - 1) / _across;
        _height = (int)Math.Ceiling(_top + rows * _panelHeight + (rows - 1) * Gap + 8);
    }

    /// <summary>The first installed font of a list of sans-serif fonts.</summary>
    internal static string Family { get; } =
        s_families.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains) ?? SKTypeface.Default.FamilyName;

    private float Heading => _frame.Panels.Length > 1 ? 20 : 0;

    /// <summary>The first frame as SVG, 760 units wide, with text as text.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="titled">True to draw the title into the image.</param>
    public static string WriteSvg(Chart chart, bool titled = true)
    {
        var image = new ChartImage(chart, titled);
        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(ImageWidth, image._height), stream)) image.Draw(canvas);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The first frame as PNG, 1,520 pixels wide, with its title.</summary>
    public static byte[] WritePng(Chart chart)
    {
        var image = new ChartImage(chart, titled: true);
        using var surface = SKSurface.Create(new SKImageInfo((int)(ImageWidth * PngScale), (int)(image._height * PngScale)));
        surface.Canvas.Scale(PngScale);
        image.Draw(surface.Canvas);
        using SKImage snapshot = surface.Snapshot();
        using SKData data = snapshot.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        using SKFont title = Font(TitleSize, SKFontStyle.Bold), plain = Font(LegendSize, SKFontStyle.Normal);
        if (_titled) Write(canvas, _chart.Title, Left, 24, title, Palette.Ink);
        float after = _titled ? title.MeasureText(_chart.Title) + 12 : 0;
        if (_frame.Label.Length > 0) Write(canvas, $"{_chart.Steps}: {_frame.Label}", Left + after, 24, plain, Palette.Soft);
        foreach ((Mark mark, float x, float y) in _legend) DrawEntry(canvas, mark, x, _head + y, plain);
        foreach ((int i, ChartPanel panel) in _frame.Panels.Index()) Draw(canvas, panel, i, plain);
    }

    /// <summary>Keeps what is drawn already: in SVG, ScottPlot's transparent background would be black.</summary>
    internal static void KeepBackground(Plot plot) => plot.RenderManager.RenderActions.RemoveAll(action =>
        action is ClearCanvas or RenderFigureBackground or RenderDataBackground);

    private void Draw(SKCanvas canvas, ChartPanel panel, int index, SKFont font)
    {
        float x = Left + index % _across * (_panelWidth + Gap), y = _top + index / _across * (_panelHeight + Gap);
        if (Heading > 0)
            Write(canvas, panel.Label, x + (_panelWidth - font.MeasureText(panel.Label)) / 2, y + 13, font, Palette.Ink);
        using Plot plot = PanelPlot.Create(_chart, panel, narrow: _frame.Panels.Length > 1);
        plot.Render(canvas, new PixelRect(x, x + _panelWidth, y + _panelHeight, y + Heading));
    }

    /// <summary>The positions of the legend entries, from left to right, in as many lines as they need.</summary>
    private IEnumerable<(Mark, float X, float Y)> LayOutLegend()
    {
        Mark[] marks = [.. _frame.Panels.SelectMany(panel => panel.Marks).Where(mark => mark is not HeatMapMark).DistinctBy(mark => mark.Name)];
        if (marks.Length < 2) yield break;
        using SKFont font = Font(LegendSize, SKFontStyle.Normal);
        float x = Left, y = 4;
        foreach (Mark mark in marks)
        {
            float width = 28 + font.MeasureText(mark.Name) + 18;
            if (x > Left && x + width > ImageWidth - Left) (x, y) = (Left, y + LegendLine);
            yield return (mark, x, y);
            x += width;
        }
    }

    private static void DrawEntry(SKCanvas canvas, Mark mark, float x, float y, SKFont font)
    {
        using var sample = new Plot();
        sample.Layout.Frameless();
        sample.HideGrid();
        KeepBackground(sample);
        sample.Axes.SetLimits(0, 1, 0, 1);
        if (mark is LineMark)
        {
            var line = sample.Add.Line(0, 0.5, 1, 0.5);
            (line.Color, line.LineWidth) = (Palette.Of(mark.Slot), Palette.Width(mark.Slot));
        }
        if (mark is not LineMark { HasMarkers: false })
            sample.Add.Marker(0.5, 0.5, mark is BarMark ? MarkerShape.FilledSquare : Palette.Marker(mark.Slot), mark is BarMark ? 11 : 7, Palette.Of(mark.Slot));
        sample.Render(canvas, new PixelRect(x, x + 22, y + LegendLine, y));
        Write(canvas, mark.Name, x + 28, y + 14.5f, font, Palette.Ink);
    }

    private float ImageHeight(ChartPanel panel)
    {
        HeatMapMark heat = panel.Marks.OfType<HeatMapMark>().First();
        return _panelWidth * Math.Min(1.5f, (float)heat.Values.Length / heat.Values[0].Length) + Heading;
    }

    private static float BodyHeight(ChartPanel panel) => panel.Marks[0] switch
    {
        BarMark => 60 + 38 * panel.Marks.OfType<BarMark>().SelectMany(bars => bars.Items).Select(bar => bar.Category).Distinct().Count(),
        HeatMapMark heat => 70 + 34 * heat.Values.Length,
        _ => 380,
    };

    private static SKFont Font(float size, SKFontStyle style) => new(SKTypeface.FromFamilyName(Family, style), size);

    private static void Write(SKCanvas canvas, string text, float x, float y, SKFont font, Color colour)
    {
        using var paint = new SKPaint { Color = colour.ToSKColor(), IsAntialias = true };
        canvas.DrawText(text, x, y, SKTextAlign.Left, font, paint);
    }
}
