using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Tables;

namespace Lottery.Cli.Tables;

/// <summary>Accuracy over density as a small plot of characters; the density axis is logarithmic and falls to the right.</summary>
internal static class PlotText
{
    private const int Width = 44, LeastHeight = 7, MostSeries = 14, Beside = 8 + Width + 3;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private static readonly double[] Ticks = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001];

    /// <summary>The plot's lines, a dot for the reference and a letter for each other condition; none for fewer than two densities.</summary>
    /// <param name="table">The results.</param>
    /// <param name="width">Columns of the screen, null where there is none; names that do not fit beside the plot stand below it.</param>
    public static IEnumerable<string> Lines(StudyTable table, int? width = null)
    {
        if (table.Metric.IsStep) return [];
        StudyCondition[] shown = [.. table.Conditions.Take(MostSeries)];
        return Lines(
        [
            .. shown.Select((condition, i) => new Series(
                i == 0 ? '●' : Letters[i - 1], Labels.Condition(table.Axes, condition.Values) is { Length: > 0 } name ? name : table.Metric.Noun,
                [.. table.RowsOf(condition).Select(row => (row.Density, row.Value.Mean))])),
        ], width, more: table.Conditions.Length - MostSeries);
    }

    private static IEnumerable<string> Lines(ImmutableArray<Series> series, int? width, int more = 0)
    {
        (double Density, double Accuracy)[] all = [.. series.SelectMany(one => one.Points)];
        if (all.Select(point => point.Density).Distinct().Count() < 2) yield break;
        var scale = Scale.Of(all, Math.Max(LeastHeight, series.Length + (more > 0 ? 1 : 0)));
        char[][] canvas = [.. Enumerable.Range(0, scale.Height).Select(_ => Enumerable.Repeat(' ', Width + 1).ToArray())];
        // The first series is drawn last: its mark is the one shown where points coincide.
        foreach (Series one in series.Reverse()) Draw(canvas, one, scale, joined: one == series[0]);
        string[] legend =
            [.. series.Select(one => $"{one.Mark} {one.Name}"), .. more > 0 ? [$"and {more} more"] : (string[])[]];
        bool isBeside = width is not { } available || legend.All(name => Beside + name.Length <= available);
        for (int y = 0; y < scale.Height; y++)
        {
            string label = y == 0 ? NumberFormat.Percent(scale.Top) : y == scale.Height - 1 ? NumberFormat.Percent(scale.Bottom) : "";
            string line = $"{label,6} {(label == "" ? '│' : '┤')}{new string(canvas[y])}  {(isBeside ? legend.ElementAtOrDefault(y) : "")}";
            yield return line.TrimEnd();
        }
        yield return Axis(scale);
        if (!isBeside)
            foreach (string line in legend.SelectMany(name => TextTable.Hanging($"        {name}", width))) yield return line;
    }

    private static void Draw(char[][] canvas, Series series, Scale scale, bool joined)
    {
        (int X, int Y)? last = null;
        foreach ((double density, double accuracy) in series.Points)
        {
            int x = scale.X(density), y = scale.Y(accuracy);
            if (joined && last?.Y == y)
                canvas[y].AsSpan(last.Value.X + 1, Math.Max(0, x - last.Value.X - 1)).Fill('─');
            canvas[y][x] = series.Mark;
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

    private sealed record Series(char Mark, string Name, ImmutableArray<(double Density, double Accuracy)> Points);

    /// <summary>From densities and accuracies to columns and rows.</summary>
    private sealed record Scale(double Least, double Bottom, double Top, int Height)
    {
        public static Scale Of((double Density, double Accuracy)[] points, int height)
        {
            double bottom = Math.Floor(1000 * points.Min(point => point.Accuracy)) / 1000;
            double top = Math.Ceiling(1000 * points.Max(point => point.Accuracy)) / 1000;
            return new(points.Min(point => point.Density), bottom, Math.Max(top, bottom + 0.001), height);
        }

        public int X(double density) =>
            density >= Least && Least < 1 ? (int)Math.Round(Width * Math.Log(density) / Math.Log(Least)) : Width;

        public int Y(double accuracy) => (int)Math.Round((Height - 1) * (Top - accuracy) / (Top - Bottom));
    }
}

/// <summary>A curve in one line of text.</summary>
internal static class SparkText
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>The curve of <paramref name="values"/>, one character each, from the smallest to the largest; samples of them where they are more than <paramref name="width"/>.</summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length < 2) return "";
        double low = finite.Min(), span = finite.Max() - low;
        int letters = Math.Min(width, finite.Length);
        return string.Concat(Enumerable.Range(0, letters)
            .Select(i => finite[(int)Math.Round((double)i * (finite.Length - 1) / Math.Max(1, letters - 1))])
            .Select(value => Blocks[span == 0 ? 0 : (int)Math.Round((Blocks.Length - 1) * (value - low) / span)]));
    }
}
