using Lottery.Report.Charts;

namespace Lottery.Report.Drawing;

/// <summary>Horizontal bars, so that their names can be read; the first is on top.</summary>
internal sealed class BarPanel : PanelDrawing
{
    private readonly Chart _chart;
    private readonly BarMark[] _series;
    private readonly string[] _names;

    public BarPanel(Chart chart, BarMark[] series, Palette palette, double em) : base(palette, em)
    {
        (_chart, _series) = (chart, series);
        _names = [.. series.SelectMany(bars => bars.Items).Select(bar => bar.Category).Distinct()];
    }

    /// <inheritdoc/>
    public override double Height(double width, bool isSingle) => Lines(width).Sum(RowHeight) + AxisHeight(width) + 0.4 * Em;

    /// <inheritdoc/>
    public override void Draw(ICanvas canvas, Box box, double leftMargin)
    {
        IReadOnlyList<string>[] lines = Lines(box.Width);
        double left = lines.Max(name => Typeface.Measure(name, Em)) + 0.7 * Em;
        double beyond = _series.SelectMany(bars => bars.Items).Max(bar => Typeface.Measure(_chart.Y.Format.Write(bar.Value), Em)) + 0.8 * Em;
        Box data = new(box.X + left, box.Y, box.Width - left - beyond, box.Height - AxisHeight(box.Width));
        AxisScale scale = Scale();
        canvas.Group("axes", () => DrawAxis(canvas, box, data, scale));
        double y = data.Y + 0.2 * Em;
        foreach ((string name, IReadOnlyList<string> label) in _names.Zip(lines))
        {
            double height = RowHeight(label);
            canvas.Text(TextBlock.Centred(label, new(data.X - 0.6 * Em, y + height / 2), Em, Palette.Ink, TextAnchor.End));
            DrawRow(canvas, data with { Y = y, Height = height }, scale, name);
            y += height;
        }
    }

    private IReadOnlyList<string> Label(double width) => Typeface.Wrap(_chart.Y.Label, width, Em);

    private double AxisHeight(double width) => 1.9 * Em + TextHeight(Label(width).Count);

    private IReadOnlyList<string>[] Lines(double width) => [.. _names.Select(name => Typeface.Wrap(name, 0.42 * width, Em))];

    private double RowHeight(IReadOnlyList<string> label) => Math.Max(TextHeight(label.Count) + 0.7 * Em, (1.25 * _series.Length + 0.8) * Em);

    private AxisScale Scale()
    {
        (double low, double high) = _chart.Y.Range ?? (0, _series.SelectMany(bars => bars.Items).Max(bar => Math.Max(bar.Value, double.IsFinite(bar.High) ? bar.High : 0)));
        return new(_chart.Y, low, high > low ? high : low + 1);
    }

    private void DrawAxis(ICanvas canvas, Box box, Box data, AxisScale scale)
    {
        foreach ((double value, string label) in scale.Ticks(data.Width > 20 * Em ? 6 : 3))
        {
            double x = scale.Map(value, data.X, data.Right);
            canvas.Line([new(x, data.Y), new(x, data.Bottom)], new(Palette.Grid, 0.06 * Em));
            Write(canvas, [label], x, data.Bottom + 1.3 * Em);
        }
        WriteWithin(canvas, box, Label(box.Width), data.Centre.X, data.Bottom + 2.75 * Em);
    }

    private void DrawRow(ICanvas canvas, Box row, AxisScale scale, string name)
    {
        double thick = (row.Height - 0.6 * Em) / _series.Length;
        thick = Math.Min(thick, 1.6 * Em);
        double top = row.Centre.Y - thick * _series.Length / 2;
        foreach ((int s, BarMark bars) in _series.Index())
        {
            if (bars.Items.FirstOrDefault(bar => bar.Category == name) is not { } item) continue;
            double y = top + s * thick, middle = y + thick / 2, end = scale.Map(item.Value, row.X, row.Right), last = end;
            Rgb colour = Palette.Of(bars.Slot).Colour;
            canvas.Rectangle(new(row.X, y + 0.06 * thick, Math.Max(0, end - row.X), 0.88 * thick), bars.Slot < 0 ? colour.Mix(Rgb.White, 0.5) : colour);
            if (double.IsFinite(item.Low) && double.IsFinite(item.High))
            {
                last = Math.Max(end, scale.Map(item.High, row.X, row.Right));
                canvas.Line([new(scale.Map(item.Low, row.X, row.Right), middle), new(last, middle)], new(Palette.Ink, 0.12 * Em));
            }
            Write(canvas, [_chart.Y.Format.Write(item.Value)], last + 0.4 * Em, middle + 0.35 * Em, TextAnchor.Start, Palette.Ink);
        }
    }
}
