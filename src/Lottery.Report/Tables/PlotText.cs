using System.Globalization;
using Lottery.Specifications;

namespace Lottery.Tables;

/// <summary>Accuracy over density as a small picture of characters; density is logarithmic and falls to the right.</summary>
public static class PlotText
{
    private const int Width = 44, Height = 7;
    private static readonly double[] Ticks = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001];

    /// <summary>The picture's lines; none for fewer than two levels.</summary>
    public static IEnumerable<string> Lines(CellTable table)
    {
        if (table.Rows.Length < 2) yield break;
        Scale scale = Scale.Of(table);
        char[][] canvas = [.. Enumerable.Range(0, Height).Select(_ => Enumerable.Repeat(' ', Width + 1).ToArray())];
        // The ticket last, so that it is seen where points coincide.
        foreach (Control control in table.Controls.Reverse().Append(Control.None)) Draw(canvas, table, control, scale);
        string[] legend =
            [.. table.Controls.Prepend(Control.None).Select(control => $"{Mark(control)} {Figures.Heading(control)}")];
        for (int y = 0; y < Height; y++)
        {
            string label = y == 0 ? Figures.Percent(scale.Top) : y == Height - 1 ? Figures.Percent(scale.Bottom) : "";
            string line = $"{label,6} {(label == "" ? '│' : '┤')}{new string(canvas[y])}  {legend.ElementAtOrDefault(y)}";
            yield return line.TrimEnd();
        }
        yield return Axis(scale);
    }

    private static void Draw(char[][] canvas, CellTable table, Control control, Scale scale)
    {
        (int X, int Y)? last = null;
        foreach (Row row in table.Rows.Where(row => row[control] is not null))
        {
            int x = scale.X(row.Density), y = scale.Y(row[control]!.Accuracy.Mean);
            if (control == Control.None && last?.Y == y)
                canvas[y].AsSpan(last.Value.X + 1, Math.Max(0, x - last.Value.X - 1)).Fill('─');
            canvas[y][x] = Mark(control);
            last = (x, y);
        }
    }

    private static string Axis(Scale scale)
    {
        char[] axis = [.. Enumerable.Repeat(' ', Width + 16)];
        double[] ticks = [.. Ticks.Where(tick => Width - scale.X(tick) > 8), scale.Least];
        foreach (double tick in ticks) Label(tick).CopyTo(axis.AsSpan(8 + scale.X(tick)));
        return new string(axis).TrimEnd();
    }

    private static string Label(double density) =>
        (100 * density).ToString(density >= 0.01 ? "0.# '%'" : "0.## '%'", CultureInfo.InvariantCulture);

    private static char Mark(Control control) => control switch { Control.None => '●', Control.Reinit => '○', _ => '·' };

    /// <summary>From densities and accuracies to columns and rows.</summary>
    private sealed record Scale(double Least, double Bottom, double Top)
    {
        public static Scale Of(CellTable table)
        {
            double[] means = [.. table.Rows.SelectMany(row => row.Cells).Select(cell => cell.Accuracy.Mean)];
            double bottom = Math.Floor(1000 * means.Min()) / 1000, top = Math.Ceiling(1000 * means.Max()) / 1000;
            return new(table.Rows.Min(row => row.Density), bottom, Math.Max(top, bottom + 0.001));
        }

        public int X(double density) =>
            density >= Least && Least < 1 ? (int)Math.Round(Width * Math.Log(density) / Math.Log(Least)) : Width;

        public int Y(double accuracy) => (int)Math.Round((Height - 1) * (Top - accuracy) / (Top - Bottom));
    }
}
