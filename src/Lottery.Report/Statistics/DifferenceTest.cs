namespace Lottery.Report.Statistics;

/// <summary>
/// Two-sided paired t test of "no difference", for several comparisons corrected together by Holm's procedure. A difference that is
/// shown has a direction: superiority, or its reverse.
/// </summary>
/// <param name="AdjustedP">The two-sided p-value after Holm's correction over all comparisons; NaN for fewer than two pairs.</param>
/// <param name="Interval">
/// The mean difference with the interval that Holm's procedure gives: it excludes 0 exactly where a difference is shown. Null for
/// fewer than two pairs.
/// </param>
/// <param name="Family">The number of comparisons that were corrected together.</param>
internal sealed record DifferenceTest(double AdjustedP, Estimate? Interval, int Family)
{
    /// <summary>1 if the mean is shown to be above 0 (5 %, Holm), −1 if below, 0 if neither is shown.</summary>
    public int Sign => Interval is { } interval && AdjustedP <= 1 - Estimate.Confidence ? Math.Sign(interval.Mean) : 0;

    /// <summary>Tests every difference, step-down; null ones and those of fewer than two pairs are no part of the family.</summary>
    /// <returns>One result per difference, in the order given.</returns>
    public static IReadOnlyList<DifferenceTest> Test(IReadOnlyList<PairedDifference?> differences)
    {
        int[] tested = [.. Enumerable.Range(0, differences.Count).Where(i => differences[i] is { IsTestable: true, P: not double.NaN })];
        double[] p = [.. tested.Select(i => differences[i]!.P)];
        IReadOnlyList<double> adjusted = Holm.Adjust(p), rates = Holm.Rates(p, 1 - Estimate.Confidence);
        DifferenceTest[] results = [.. differences.Select(_ => new DifferenceTest(double.NaN, null, tested.Length))];
        foreach ((int k, int i) in tested.Index()) results[i] = new(adjusted[k], differences[i]!.IntervalAt(rates[k] / 2), tested.Length);
        return results;
    }
}
