using Lottery.Report.Charts;

namespace Lottery.Report.Drawing;

/// <summary>Draws one panel of a chart. Distances are in multiples of <see cref="Em"/>, so that a figure scales with its text.</summary>
/// <param name="palette">The colours.</param>
/// <param name="em">The size of the text, in points.</param>
internal abstract class PanelDrawing(Palette palette, double em)
{
    /// <summary>The size of the text, in points.</summary>
    protected double Em => em;

    /// <summary>The colours.</summary>
    protected Palette Palette => palette;

    /// <summary>The width that the labels of the vertical axis need; panels of a figure share the largest.</summary>
    /// <param name="height">The height of the panel.</param>
    public virtual double LeftMargin(double height) => 0;

    /// <summary>The drawing of a panel.</summary>
    public static PanelDrawing Create(Chart chart, ChartPanel panel, Palette palette, double em) =>
        panel.Marks.OfType<BarMark>().Any() ? new BarPanel(chart, [.. panel.Marks.OfType<BarMark>()], palette, em)
        : panel.Marks.OfType<HeatMapMark>().FirstOrDefault() is not { } heat ? new PointPanel(chart, panel, palette, em)
        : chart.X.Kind == AxisKind.Pixels ? new PixelPanel(heat, palette, em)
        : new HeatMapPanel(chart, heat, palette, em);

    /// <summary>The height that it takes in a width.</summary>
    /// <param name="width">The width.</param>
    /// <param name="isSingle">True if no panel is beside it.</param>
    public abstract double Height(double width, bool isSingle);

    /// <summary>Draws it.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="box">The width, and the height that was asked for.</param>
    /// <param name="leftMargin">The width left of the data, at least <see cref="LeftMargin"/>.</param>
    public abstract void Draw(ICanvas canvas, Box box, double leftMargin);

    /// <summary>A line of text, or several, with the first baseline at <paramref name="y"/>.</summary>
    protected void Write(ICanvas canvas, IReadOnlyList<string> lines, double x, double y, TextAnchor anchor = TextAnchor.Middle, Rgb? colour = null) =>
        canvas.Text(new(lines, new(x, y), em, colour ?? Palette.Soft, anchor));

    /// <summary>The label of a vertical axis, centred on the left edge of <paramref name="box"/>; a long one reaches below it.</summary>
    protected void WriteVertical(ICanvas canvas, string label, Box box) => canvas.Text(new(
        [label], new(box.X + em, Math.Max(box.Centre.Y, box.Y + Typeface.Measure(label, em) / 2)), em, Palette.Soft, TextAnchor.Middle) { IsVertical = true });

    /// <summary>Lines of text, centred on <paramref name="x"/>, or beside it where they would reach out of <paramref name="box"/>.</summary>
    protected void WriteWithin(ICanvas canvas, Box box, IReadOnlyList<string> lines, double x, double y)
    {
        double half = Typeface.Measure(lines, em) / 2;
        Write(canvas, lines, Math.Max(box.X + half, Math.Min(box.Right - half, x)), y);
    }

    /// <summary>The height of lines of text.</summary>
    protected double TextHeight(int lines) => lines * TextBlock.LineHeight * em;
}
