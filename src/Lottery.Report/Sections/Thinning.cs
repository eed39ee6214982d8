namespace Lottery.Report.Sections;

/// <summary>Limits the number of points and frames that a chart has.</summary>
internal static class Thinning
{
    /// <summary>At most <paramref name="most"/> of the items, evenly spaced, including the first and the last; the order stays.</summary>
    /// <param name="items">The items.</param>
    /// <param name="most">At least 1.</param>
    public static T[] EvenlySpaced<T>(this IReadOnlyList<T> items, int most) => items.Count <= most
        ? [.. items]
        : [.. Enumerable.Range(0, most).Select(i => items[(int)Math.Round((double)i * (items.Count - 1) / Math.Max(1, most - 1))])];
}
