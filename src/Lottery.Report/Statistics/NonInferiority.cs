namespace Lottery.Report.Statistics;

/// <summary>
/// One-sided paired t test that a mean is less than a margin below another (non-inferiority), for several comparisons
/// corrected together by Holm's procedure.
/// </summary>
/// <param name="P">One-sided p-value of "lower by the margin or more"; NaN for fewer than two pairs.</param>
/// <param name="AdjustedP"><paramref name="P"/> after Holm's correction over all comparisons.</param>
/// <param name="Low">Lower end of the corrected 95 % interval of the difference; NaN for fewer than two pairs.</param>
/// <param name="Holds">
/// True if <paramref name="Low"/> is above −margin, which is where Holm's procedure rejects, or if the difference is shown to be above 0.
/// </param>
/// <param name="Family">The number of comparisons that were corrected together.</param>
internal sealed record NonInferiority(double P, double AdjustedP, double Low, bool Holds, int Family)
{
    /// <summary>
    /// Tests every difference against −<paramref name="margin"/>, step-down. A two-sided 95 % interval leaves 2.5 % below
    /// its lower end; that is the family-wise error rate.
    /// </summary>
    /// <param name="differences">The differences; those of fewer than two pairs are no part of the family.</param>
    /// <param name="margin">The largest difference that still counts as good, fixed before any data are seen; above 0.</param>
    /// <returns>One result per difference, in the order given.</returns>
    public static IReadOnlyList<NonInferiority> Test(IReadOnlyList<PairedDifference> differences, double margin)
    {
        int[] tested = [.. Enumerable.Range(0, differences.Count).Where(i => differences[i].IsTestable)];
        double[] p = [.. tested.Select(i => OneSided(differences[i].Sample, -margin))];
        IReadOnlyList<double> adjusted = Holm.Adjust(p), rates = Holm.Rates(p, Estimate.Tail);
        NonInferiority[] results = [.. differences.Select(_ => new NonInferiority(double.NaN, double.NaN, double.NaN, Holds: false, tested.Length))];
        foreach ((int k, int i) in tested.Index())
        {
            SampleMean sample = differences[i].Sample;
            double low = sample.Mean - sample.HalfWidth(rates[k]);
            results[i] = new(p[k], adjusted[k], low, low > -margin, tested.Length);
        }
        return results;
    }

    /// <summary>The p-value of "the mean is at most <paramref name="value"/>".</summary>
    private static double OneSided(SampleMean sample, double value) =>
        sample.StandardError == 0 ? sample.Mean > value ? 0 : 1 : StudentT.Cdf(-sample.Statistic(value), sample.Count - 1);
}
