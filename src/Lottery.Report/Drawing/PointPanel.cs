using System.Collections.Immutable;
using Lottery.Report.Charts;

namespace Lottery.Report.Drawing;

/// <summary>Lines with bands, and dots, on two axes with numbers.</summary>
internal sealed class PointPanel : PanelDrawing
{
    private const double LineWidth = 0.15, ThinLine = 0.06, MarkerSize = 0.62;

    /// <summary>Markers of a line that has none of its own: they tell lines apart in black and white.</summary>
    private const int SparseMarkers = 6;

    private readonly Chart _chart;
    private readonly ChartPanel _panel;
    private readonly AxisScale _x, _y;
    private readonly bool _hasXLabel, _hasYLabel;

    public PointPanel(Chart chart, ChartPanel panel, Palette palette, double em) : base(palette, em)
    {
        (_chart, _panel) = (chart, panel);
        (_hasXLabel, _hasYLabel) = (chart.X.Label.Length > 0, chart.Y.Label.Length > 0);
        _x = AxisScale.Create(chart.X, panel.Marks.SelectMany(Horizontal));
        _y = AxisScale.Create(panel.Zoom is { } zoom ? chart.Y with { Range = zoom } : chart.Y, panel.Marks.SelectMany(Vertical));
    }

    /// <inheritdoc/>
    public override double LeftMargin(double height) => (_hasYLabel ? 1.7 * Em : 0) + Typeface.Measure(Up(height).Select(tick => tick.Label), Em) + 0.6 * Em;

    private double BottomMargin => 1.5 * Em + (_hasXLabel ? 1.5 * Em : 0);

    /// <inheritdoc/>
    public override double Height(double width, bool isSingle) => Math.Clamp(width * (isSingle ? 0.58 : 0.72), 14 * Em, 30 * Em);

    /// <inheritdoc/>
    public override void Draw(ICanvas canvas, Box box, double leftMargin)
    {
        Box data = new(box.X + leftMargin, box.Y + 0.5 * Em, box.Width - leftMargin - 0.8 * Em, box.Height - 0.5 * Em - BottomMargin);
        ImmutableArray<(double Value, string Label)> across = FittingTicks(data);
        data = data with { Width = Math.Min(data.Width, box.Right - 0.2 * Em - data.X - Overhang(across, data)) };
        ImmutableArray<(double Value, string Label)> up = Up(box.Height);
        canvas.Group("axes", () => DrawAxes(canvas, box, data, across, up));
        // Markers at the ends are shown whole, unless what lies beyond is left out.
        double beyond = _panel.Zoom is null && _chart.Y.Range is null ? 0.4 * Em : 0;
        canvas.Group("data", () => DrawMarks(canvas, data), clip: new(data.X - 0.4 * Em, data.Y - beyond, data.Width + 0.8 * Em, data.Height + 2 * beyond));
    }

    /// <summary>Draws the sample of a mark in a legend: a line with its marker, or a dot.</summary>
    public static void DrawSample(ICanvas canvas, Mark mark, Palette palette, Box box, double em)
    {
        SlotStyle style = palette.Of(mark.Slot);
        if (mark is LineMark)
        {
            canvas.Line([new(box.X, box.Centre.Y), new(box.Right, box.Centre.Y)], style.Line(WidthOf(mark) * em));
            if (mark.Slot >= 0) Marker.Draw(canvas, style, box.Centre, MarkerSize * em);
        }
        else canvas.Dots([box.Centre], 0.6 * em, style.Colour, opacity: 1, IsRound(mark));
    }

    private static double WidthOf(Mark mark) => mark.Slot < 0 ? 0.12 : LineWidth;

    private static bool IsRound(Mark mark) => mark.Slot % 2 == 0;

    /// <summary>The ticks of the vertical axis.</summary>
    private ImmutableArray<(double Value, string Label)> Up(double height) => _y.Ticks(Math.Clamp((int)((height - BottomMargin) / (2.2 * Em)), 3, 8));

    /// <summary>As many ticks as have labels that do not touch each other.</summary>
    private ImmutableArray<(double Value, string Label)> FittingTicks(Box data)
    {
        for (int most = Math.Clamp((int)(data.Width / (3 * Em)), 3, 9); most > AxisTicks.Least; most--)
        {
            ImmutableArray<(double Value, string Label)> ticks = _x.Ticks(most);
            if (Fits(ticks, data)) return ticks;
        }
        return _x.Ticks(AxisTicks.Least);
    }

    private bool Fits(ImmutableArray<(double Value, string Label)> ticks, Box data)
    {
        (double At, double Half)[] labels = [.. ticks.Select(tick => (_x.Map(tick.Value, data.X, data.Right), Typeface.Measure(tick.Label, Em) / 2)).OrderBy(label => label.Item1)];
        return labels.Zip(labels.Skip(1)).All(pair => pair.First.At + pair.First.Half + 0.7 * Em <= pair.Second.At - pair.Second.Half);
    }

    /// <summary>How far the last label reaches beyond the axis.</summary>
    private double Overhang(ImmutableArray<(double Value, string Label)> ticks, Box data) => ticks
        .Select(tick => _x.Map(tick.Value, data.X, data.Right) + Typeface.Measure(tick.Label, Em) / 2 - data.Right).Append(0).Max();

    private void DrawAxes(ICanvas canvas, Box box, Box data, ImmutableArray<(double Value, string Label)> across, ImmutableArray<(double Value, string Label)> up)
    {
        var grid = new Stroke(Palette.Grid, ThinLine * Em);
        foreach ((double value, string label) in across)
        {
            double x = _x.Map(value, data.X, data.Right);
            canvas.Line([new(x, data.Y), new(x, data.Bottom)], grid);
            Write(canvas, [label], x, data.Bottom + 1.3 * Em);
        }
        foreach ((double value, string label) in up)
        {
            double y = _y.Map(value, data.Bottom, data.Y);
            canvas.Line([new(data.X, y), new(data.Right, y)], grid);
            Write(canvas, [label], data.X - 0.45 * Em, y + 0.35 * Em, TextAnchor.End);
        }
        canvas.Line([new(data.X, data.Y), new(data.X, data.Bottom), new(data.Right, data.Bottom)], new(Palette.Soft, ThinLine * Em));
        if (_hasXLabel) WriteWithin(canvas, box, [_chart.X.Label], data.Centre.X, data.Bottom + 2.75 * Em);
        if (_hasYLabel) WriteVertical(canvas, _chart.Y.Label, data with { X = box.X });
    }

    private void DrawMarks(ICanvas canvas, Box data)
    {
        LineMark[] lines = [.. _panel.Marks.OfType<LineMark>()];
        foreach (LineMark line in lines) DrawBand(canvas, data, line, lines.Length > 4 ? 0.07 : 0.15);
        foreach (PointMark dots in _panel.Marks.OfType<PointMark>())
            canvas.Dots([.. dots.Points.Select(dot => At(data, dot.X, dot.Y))], 0.22 * Em, Palette.Of(dots.Slot).Colour, 0.6, IsRound(dots));
        if (_panel.Enlarged is { } range) DrawFrame(canvas, data, range);
        foreach (LineMark line in lines) DrawLine(canvas, data, line);
    }

    /// <summary>A frame around what the next panel shows enlarged.</summary>
    private void DrawFrame(ICanvas canvas, Box data, (double Low, double High) range)
    {
        double top = _y.Map(range.High, data.Bottom, data.Y), bottom = _y.Map(range.Low, data.Bottom, data.Y);
        canvas.Line(new Box(data.X, top, data.Width, bottom - top).Corners, new(Palette.Soft, ThinLine * Em, [0.25 * Em, 0.25 * Em]));
    }

    private void DrawLine(ICanvas canvas, Box data, LineMark line)
    {
        SlotStyle style = Palette.Of(line.Slot);
        Position[] points = [.. line.Points.Where(point => double.IsFinite(point.Y)).Select(point => At(data, point.X, point.Y))];
        canvas.Line(points, style.Line(WidthOf(line) * Em));
        if (line.Slot < 0) return;
        int every = line.HasMarkers ? 1 : Math.Max(1, points.Length / SparseMarkers);
        for (int i = line.HasMarkers ? 0 : (line.Slot * every / 3 + every / 2) % every; i < points.Length; i += every)
            Marker.Draw(canvas, style, points[i], MarkerSize * Em);
    }

    private void DrawBand(ICanvas canvas, Box data, LineMark line, double opacity)
    {
        ChartPoint[] whole = [.. line.Points.Where(point => double.IsFinite(point.Low) && double.IsFinite(point.High))];
        if (whole.Length < 2) return;
        canvas.Polygon([.. whole.Select(point => At(data, point.X, point.High)), .. whole.Reverse().Select(point => At(data, point.X, point.Low))],
            Palette.Of(line.Slot).Colour, opacity);
    }

    private Position At(Box data, double x, double y) => new(_x.Map(x, data.X, data.Right), _y.Map(y, data.Bottom, data.Y));

    private static IEnumerable<double> Horizontal(Mark mark) => mark switch
    {
        LineMark line => line.Points.Select(point => point.X),
        PointMark dots => dots.Points.Select(dot => dot.X),
        _ => [],
    };

    private static IEnumerable<double> Vertical(Mark mark) => mark switch
    {
        LineMark line => line.Points.SelectMany(point => (double[])[point.Y, point.Low, point.High]),
        PointMark dots => dots.Points.Select(dot => dot.Y),
        _ => [],
    };
}
