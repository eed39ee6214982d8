using Lottery.Report.Charts;

namespace Lottery.Report.Drawing;

/// <summary>An image of values: one rectangle a pixel.</summary>
internal sealed class PixelPanel(HeatMapMark heat, Palette palette, double em) : PanelDrawing(palette, em)
{
    /// <summary>How far a pixel reaches under the next, in points, so that viewers that smooth edges show no seams.</summary>
    private const double Overlap = 0.15;

    /// <inheritdoc/>
    public override double Height(double width, bool isSingle) => width * Math.Min(1.5, (double)heat.Values.Length / heat.Values[0].Length);

    /// <inheritdoc/>
    public override void Draw(ICanvas canvas, Box box, double leftMargin) => canvas.Group("cells", () =>
    {
        int rows = heat.Values.Length, columns = heat.Values[0].Length;
        double size = Math.Min(box.Width / columns, box.Height / rows);
        (double x0, double y0) = (box.Centre.X - size * columns / 2, box.Centre.Y - size * rows / 2);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                if (!double.IsFinite(heat.Values[row][column])) continue;
                Box cell = new(x0 + column * size, y0 + row * size, column == columns - 1 ? size : size + Overlap, row == rows - 1 ? size : size + Overlap);
                canvas.Rectangle(cell, Palette.HeatAt((heat.Values[row][column] - heat.Low) / Math.Max(1e-12, heat.High - heat.Low)));
            }
    });
}

/// <summary>The colour scale of a heat map, with the values at its ends.</summary>
internal static class HeatScale
{
    private const int Steps = 48;

    /// <summary>The height that it takes.</summary>
    public static double Height(double em) => 1.9 * em;

    /// <summary>Draws it in the upper right of <paramref name="box"/>.</summary>
    public static void Draw(ICanvas canvas, HeatMapMark heat, Palette palette, double em, Box box)
    {
        string low = heat.Format.Write(heat.Low), high = $"{heat.Format.Write(heat.High)} {heat.Name}";
        double texts = Typeface.Measure(low, em) + Typeface.Measure(high, em) + 0.8 * em;
        double length = Math.Max(2 * em, Math.Min(9 * em, box.Width - texts)), y = box.Y + 0.5 * em;
        double x = box.Right - Typeface.Measure(high, em) - 0.4 * em - length;
        canvas.Text(new([low], new(x - 0.4 * em, y + 0.85 * em), em, Palette.Soft, TextAnchor.End));
        canvas.Group("scale", () =>
        {
            for (int i = 0; i < Steps; i++)
                canvas.Rectangle(new(x + length * i / Steps, y, length * (i < Steps - 1 ? 1.2 : 1) / Steps, em), palette.HeatAt(i / (Steps - 1.0)));
        });
        canvas.Text(new([high], new(x + length + 0.4 * em, y + 0.85 * em), em, Palette.Soft));
    }
}
