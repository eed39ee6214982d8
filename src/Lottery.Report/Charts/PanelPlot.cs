using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Lottery.Report.Charts;

/// <summary>Draws one panel of a chart with ScottPlot.</summary>
internal static class PanelPlot
{
    private const double Margin = 0.04;

    /// <summary>The plot of <paramref name="panel"/>, ready to be rendered.</summary>
    /// <param name="chart">The chart, for its axes.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="narrow">True if it is one of several side by side: smaller labels, fewer ticks.</param>
    public static Plot Create(Chart chart, ChartPanel panel, bool narrow)
    {
        var plot = new Plot();
        plot.Font.Set(ChartImage.Family);
        ChartImage.KeepBackground(plot);
        plot.Grid.MajorLineColor = Palette.Grid;
        plot.Axes.Color(Palette.Soft);
        plot.Axes.Right.IsVisible = plot.Axes.Top.IsVisible = false;
        foreach (IAxis axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Left])
        {
            (axis.MajorTickStyle.Length, axis.MinorTickStyle.Length) = (0, 0);
            axis.TickLabelStyle.FontSize = narrow ? 10 : 12;
            (axis.Label.FontSize, axis.Label.Bold) = (narrow ? 10 : 12.5f, false);
        }
        if (panel.Marks.OfType<BarMark>().Any()) DrawBars(plot, chart, [.. panel.Marks.OfType<BarMark>()]);
        else if (panel.Marks.OfType<HeatMapMark>().FirstOrDefault() is { } heat) DrawHeat(plot, chart, heat);
        else DrawPoints(plot, chart, panel, narrow);
        return plot;
    }

    private static void DrawPoints(Plot plot, Chart chart, ChartPanel panel, bool narrow)
    {
        Func<double, double> x = Scaled(chart.X), y = Scaled(chart.Y);
        int lines = panel.Marks.OfType<LineMark>().Count();
        foreach (LineMark line in panel.Marks.OfType<LineMark>()) Band(plot, line, x, y, lines);
        foreach (LineMark line in panel.Marks.OfType<LineMark>())
        {
            Scatter drawn = plot.Add.Scatter(
                line.Points.Select(point => x(point.X)).ToArray(), line.Points.Select(point => y(point.Y)).ToArray(), Palette.Of(line.Slot));
            drawn.LineWidth = Palette.Width(line.Slot);
            drawn.MarkerShape = Palette.Marker(line.Slot);
            drawn.MarkerSize = line.HasMarkers ? 6 : 0;
        }
        foreach (PointMark dots in panel.Marks.OfType<PointMark>())
        {
            Markers drawn = plot.Add.Markers(
                dots.Points.Select(dot => x(dot.X)).ToArray(), dots.Points.Select(dot => y(dot.Y)).ToArray(),
                Palette.Marker(dots.Slot), 2.5f, Palette.Of(dots.Slot).WithAlpha(0.6));
            drawn.MarkerLineWidth = 0.7f;
        }
        (double Low, double High) horizontal = Extent(chart.X, panel.Marks.SelectMany(Horizontal)),
            vertical = Extent(chart.Y, panel.Marks.SelectMany(Vertical));
        if (chart.X.Reversed) horizontal = (horizontal.High, horizontal.Low);
        plot.Axes.SetLimits(horizontal.Low, horizontal.High, vertical.Low, vertical.High);
        Label(plot.Axes.Bottom, chart.X, narrow);
        Label(plot.Axes.Left, chart.Y, narrow);
    }

    private static void Band(Plot plot, LineMark line, Func<double, double> x, Func<double, double> y, int lines)
    {
        ChartPoint[] whole = [.. line.Points.Where(point => double.IsFinite(point.Low) && double.IsFinite(point.High))];
        if (whole.Length < 2) return;
        FillY band = plot.Add.FillY(whole.Select(point => x(point.X)).ToArray(), whole.Select(point => y(point.Low)).ToArray(),
            whole.Select(point => y(point.High)).ToArray());
        band.FillColor = Palette.Of(line.Slot).WithAlpha(lines > 4 ? 0.07 : 0.15);
        band.LineWidth = 0;
        band.MarkerSize = 0;
    }

    /// <summary>Bars are horizontal, so that their names can be read; the first is on top.</summary>
    private static void DrawBars(Plot plot, Chart chart, BarMark[] series)
    {
        string[] names = [.. series.SelectMany(bars => bars.Items).Select(bar => bar.Category).Distinct()];
        double size = 0.8 / series.Length;
        foreach ((int s, BarMark bars) in series.Index())
            foreach (BarValue item in bars.Items)
            {
                double position = -Array.IndexOf(names, item.Category) - (s - (series.Length - 1) / 2.0) * size;
                var bar = new Bar
                {
                    Position = position, Value = item.Value, Size = size * 0.9, LineWidth = 0, Orientation = Orientation.Horizontal,
                    FillColor = Palette.Of(bars.Slot).WithAlpha(bars.Slot < 0 ? 0.45 : 0.9),
                };
                plot.Add.Bar(bar);
                if (double.IsFinite(item.Low)) plot.Add.Line(item.Low, position, item.High, position).Color = Palette.Ink;
                Text value = plot.Add.Text(chart.Y.Format.Write(item.Value), Math.Max(item.Value, double.IsFinite(item.High) ? item.High : 0), position);
                (value.LabelFontSize, value.LabelFontColor, value.LabelAlignment, value.OffsetX) = (11, Palette.Ink, Alignment.MiddleLeft, 5);
            }
        plot.Axes.Left.SetTicks([.. names.Select((_, i) => (double)-i)], [.. names.Select(Wrapped)]);
        (double low, double high) = chart.Y.Range ?? (0, series.SelectMany(bars => bars.Items).Max(bar => bar.Value));
        plot.Axes.SetLimits(low, high * 1.08, -names.Length + 0.4, 0.6);
        plot.Grid.YAxisStyle.IsVisible = false;
        Label(plot.Axes.Bottom, chart.Y, narrow: false);
    }

    private static void DrawHeat(Plot plot, Chart chart, HeatMapMark heat)
    {
        int rows = heat.Values.Length, columns = heat.Values[0].Length;
        var values = new double[rows, columns];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) values[row, column] = heat.Values[row][column];
        Heatmap map = plot.Add.Heatmap(values);
        map.Colormap = new Palette.HeatColormap();
        map.ManualRange = new(heat.Low, heat.High);
        map.Extent = new(-0.5, columns - 0.5, -rows + 0.5, 0.5);
        map.NaNCellColor = Colors.Transparent;
        plot.HideGrid();
        if (chart.X.Kind == AxisKind.Pixels)
        {
            plot.Layout.Frameless();
            plot.Axes.SquareUnits();
            plot.Axes.SetLimits(-0.5, columns - 0.5, -rows + 0.5, 0.5);
            return;
        }
        plot.Axes.SetLimits(-0.5, columns - 0.5, -rows + 0.5, 0.5);
        plot.Axes.Bottom.SetTicks([.. heat.Columns.Select((_, i) => (double)i)], [.. heat.Columns.Select(Wrapped)]);
        plot.Axes.Left.SetTicks([.. heat.Rows.Select((_, i) => (double)-i)], [.. heat.Rows]);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                if (double.IsFinite(values[row, column]))
                    StyleCell(plot.Add.Text(heat.Format.Write(values[row, column]), column, -row), values[row, column], heat);
    }

    private static void StyleCell(Text text, double value, HeatMapMark heat)
    {
        bool dark = (value - heat.Low) / Math.Max(1e-12, heat.High - heat.Low) > 0.5;
        (text.LabelAlignment, text.LabelFontSize, text.LabelFontColor) = (Alignment.MiddleCenter, 11, dark ? Colors.White : Palette.Ink);
    }

    private static Func<double, double> Scaled(ChartAxis axis) => axis.Kind == AxisKind.Log ? Math.Log10 : value => value;

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

    private static (double Low, double High) Extent(ChartAxis axis, IEnumerable<double> values)
    {
        Func<double, double> scale = Scaled(axis);
        if (axis.Range is { } range) return (scale(range.Low), scale(range.High));
        double[] finite = [.. values.Select(scale).Where(double.IsFinite)];
        if (finite.Length == 0) return (0, 1);
        double low = finite.Min(), high = finite.Max(), margin = Math.Max(Margin * (high - low), 1e-9 + 1e-3 * Math.Abs(high));
        return (low - margin, high + margin);
    }

    private static void Label(IAxis on, ChartAxis axis, bool narrow)
    {
        on.Label.Text = axis.Label;
        if (axis.Ticks.IsEmpty)
            on.TickGenerator = new NumericAutomatic
            {
                LabelFormatter = value => axis.Format.WriteTick(value), TargetTickCount = narrow ? 4 : 6,
                MinorTickGenerator = new ScottPlot.TickGenerators.EvenlySpacedMinorTickGenerator(1),
            };
        else on.SetTicks([.. axis.Ticks.Select(Scaled(axis))], [.. axis.Ticks.Select(tick => axis.Format.WriteTick(tick))]);
    }

    private static string Wrapped(string name) => name.Replace(", ", ",\n", StringComparison.Ordinal)
        .Replace(" (", "\n(", StringComparison.Ordinal).Replace(" · ", "\n", StringComparison.Ordinal);
}
