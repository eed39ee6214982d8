using System.Collections.Immutable;
using Lottery.Report.Charts;

namespace Lottery.Report.Drawing;

/// <summary>The part of an axis that a panel shows, and where its values lie.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end, above <paramref name="Low"/>.</param>
internal sealed record AxisScale(ChartAxis Axis, double Low, double High)
{
    private const double Margin = 0.04;

    private bool IsLog => Axis.Kind == AxisKind.Log;

    /// <summary>The scale that shows all of <paramref name="values"/>, unless the axis has a range of its own.</summary>
    public static AxisScale Create(ChartAxis axis, IEnumerable<double> values)
    {
        bool isLog = axis.Kind == AxisKind.Log;
        double low, high;
        if (axis.Range is { } range) (low, high) = range;
        else
        {
            double[] finite = [.. values.Where(value => double.IsFinite(value) && (!isLog || value > 0))];
            if (finite.Length == 0) (low, high) = isLog ? (0.1, 1) : (0, 1);
            else
            {
                (low, high) = (finite.Min(), finite.Max());
                double margin = isLog ? Math.Max(Margin * Math.Log(high / low), 0.02)
                    : Math.Max(Margin * (high - low), Math.Max(1e-9, 1e-3 * Math.Max(Math.Abs(low), Math.Abs(high))));
                (low, high) = isLog ? (low * Math.Exp(-margin), high * Math.Exp(margin)) : (low - margin, high + margin);
            }
        }
        // Three integers have ticks, two have not.
        if (axis.Format == NumberKind.Count && !isLog && high - low < 2) (low, high) = low < 0 ? (low, low + 3) : (low, low + 2);
        return new(axis, low, high);
    }

    /// <summary>The position of a value between <paramref name="start"/> (the low end) and <paramref name="end"/>.</summary>
    public double Map(double value, double start, double end)
    {
        double at = IsLog ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);
        return start + (end - start) * (Axis.Reversed ? 1 - at : at);
    }

    /// <summary>Ticks with their labels.</summary>
    /// <param name="most">The largest number that fits.</param>
    public ImmutableArray<(double Value, string Label)> Ticks(int most)
    {
        double[] values = AxisTicks.Choose(Axis, Low, High, most);
        return [.. values.Zip(Axis.Format.WriteTicks(values, even: !IsLog))];
    }
}
