using Lottery.Report.Statistics;

namespace Lottery.Report.Charts;

/// <summary>Means and their intervals as points.</summary>
internal static class ChartPoints
{
    /// <summary>The point of <paramref name="estimate"/>; of a share, the part of its interval where shares can be.</summary>
    public static ChartPoint Of(double x, Estimate estimate, bool share = true) => new(
        x, estimate.Mean, share ? Math.Max(0, estimate.Low) : estimate.Low, share ? Math.Min(1, estimate.High) : estimate.High,
        estimate.Count);

    /// <summary>A point whose value is known exactly.</summary>
    public static ChartPoint Of(double x, double y) => new(x, y, double.NaN, double.NaN, 1);

    /// <summary>At most <paramref name="most"/> of <paramref name="items"/>, evenly, the first and the last among them.</summary>
    public static T[] Thin<T>(IReadOnlyList<T> items, int most) => items.Count <= most
        ? [.. items]
        : [.. Enumerable.Range(0, most).Select(i => items[(int)Math.Round((double)i * (items.Count - 1) / (most - 1))])];
}
