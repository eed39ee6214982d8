namespace Lottery.Report.Charts;

/// <summary>
/// Adds a second, enlarged panel to a chart of accuracies in which most values lie in a small part of the vertical axis, as when one
/// condition falls to chance and the others differ by a point.
/// </summary>
internal static class Zoom
{
    /// <summary>The fraction of the values that must lie close together, and the part of the axis that is close.</summary>
    private const double Most = 0.6, Close = 0.15;

    /// <summary>How many times wider the range may become to show values near it.</summary>
    private const double Widening = 5;

    /// <summary>The margin, as a fraction of the enlarged range.</summary>
    private const double Margin = 0.08;

    /// <summary>The chart with an enlarged panel in every frame that needs one, and a caption that says so.</summary>
    public static Chart Add(Chart chart)
    {
        // A count begins at 0, so that one which hardly changes looks so.
        if (chart.Y.Format != NumberKind.Percent) return chart;
        ChartFrame[] frames = [.. chart.Frames.Select(frame => Add(chart, frame))];
        int zoomed = frames.Count(frame => frame.Panels.Length > 1);
        if (zoomed == 0) return chart;
        string says = frames.Length > 1 ? "Where most values lie close together, the second panel shows them enlarged."
            : $"The second panel shows {Describe(chart, frames[0].Panels[1].Zoom!.Value)} enlarged.";
        return chart with { Frames = [.. frames], Text = $"{chart.Text} {says}" };
    }

    /// <summary>The range in which most of the values lie close together; null if they do not.</summary>
    /// <param name="values">The values.</param>
    /// <param name="range">The ends of the axis; null to take them from the values.</param>
    public static (double Low, double High)? FindRange(IEnumerable<double> values, (double Low, double High)? range = null)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Where(value => range is not { } ends || value >= ends.Low && value <= ends.High).Order()];
        if (sorted.Length < 5) return null;
        int count = (int)Math.Ceiling(Most * sorted.Length);
        double whole = range is { } axis ? axis.High - axis.Low : sorted[^1] - sorted[0];
        int first = Enumerable.Range(0, sorted.Length - count + 1).MinBy(i => sorted[i + count - 1] - sorted[i]);
        int last = first + count - 1;
        if (whole <= 0 || sorted[last] - sorted[first] > Close * whole) return null;
        // Values near the range belong to it.
        double widest = Math.Min(Close * whole, Widening * Math.Max(sorted[last] - sorted[first], whole / 500));
        while (last + 1 < sorted.Length && sorted[last + 1] - sorted[first] <= widest) last++;
        while (first > 0 && sorted[last] - sorted[first - 1] <= widest) first--;
        double low = sorted[first], high = sorted[last], margin = Math.Max(Margin * (high - low), whole / 500);
        return (low - margin, high + margin);
    }

    private static ChartFrame Add(Chart chart, ChartFrame frame)
    {
        if (frame.Panels is not [{ Label: "" } panel]) return frame;
        LineMark[] lines = [.. panel.Marks.OfType<LineMark>()];
        if (lines.Length < 2 || FindRange(lines.SelectMany(line => line.Points).Select(point => point.Y), chart.Y.Range) is not { } zoom) return frame;
        zoom = (Math.Max(0, zoom.Low), zoom.High);
        if (IsNoise(lines, zoom)) return frame;
        return frame with
        {
            Panels = [panel with { Label = "all values", Enlarged = zoom }, panel with { Label = $"enlarged: {Describe(chart, zoom)}", Zoom = zoom }],
        };
    }

    /// <summary>True if most intervals are wider than the range: it would show differences that mean nothing.</summary>
    private static bool IsNoise(LineMark[] lines, (double Low, double High) zoom)
    {
        double[] widths = [.. lines.SelectMany(line => line.Points).Where(point => point.Y >= zoom.Low && point.Y <= zoom.High)
            .Select(point => point.High - point.Low).Where(double.IsFinite).Order()];
        return widths.Length > 0 && widths[widths.Length / 2] > (zoom.High - zoom.Low) / 2;
    }

    private static string Describe(Chart chart, (double Low, double High) range) =>
        $"{chart.Y.Format.Write(range.Low)} to {chart.Y.Format.Write(Math.Min(1, range.High))}";
}
