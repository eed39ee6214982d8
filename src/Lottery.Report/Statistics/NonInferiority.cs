namespace Lottery.Report.Statistics;

/// <summary>Whether one mean is at most a margin below another, tested at several places at once.</summary>
/// <param name="P">One-sided p-value of "below by the margin or more"; NaN for fewer than two pairs.</param>
/// <param name="AdjustedP">The same after Holm's correction over all places.</param>
/// <param name="Low">Lower end of the difference's 95 % interval after the correction; NaN for fewer than two pairs.</param>
/// <param name="Holds">True where <paramref name="Low"/> lies above −margin; Holm's procedure rejects exactly there.</param>
public sealed record NonInferiority(double P, double AdjustedP, double Low, bool Holds)
{
    /// <summary>"As good as" means: not more than this below, as a share (0.3 points). Fixed before any data are seen.</summary>
    public const double Margin = 0.003;

    private static readonly NonInferiority Unknown = new(double.NaN, double.NaN, double.NaN, Holds: false);

    /// <summary>
    /// Tests each of <paramref name="differences"/> against −<paramref name="margin"/>, step-down (Holm). The lower ends
    /// of two-sided 95 % intervals leave 2.5 % out below them: that is the error rate of the family.
    /// </summary>
    public static NonInferiority[] Test(IReadOnlyList<PairedDifference> differences, double margin = Margin)
    {
        int[] tested = [.. Enumerable.Range(0, differences.Count).Where(i => differences[i].Sample.Count >= 2)];
        double[] p = [.. tested.Select(i => OneSided(differences[i].Sample, -margin))];
        double[] adjusted = Holm.Adjust(p), rates = Holm.Rates(p, Estimate.Tail);
        NonInferiority[] results = [.. differences.Select(_ => Unknown)];
        foreach ((int k, int i) in tested.Index())
        {
            Sample sample = differences[i].Sample;
            double low = sample.Mean - sample.Reach(rates[k]);
            results[i] = new(p[k], adjusted[k], low, low > -margin);
        }
        return results;
    }

    /// <summary>The p-value of "the mean is at most <paramref name="value"/>".</summary>
    private static double OneSided(Sample sample, double value) =>
        sample.StandardError == 0 ? sample.Mean > value ? 0 : 1 : StudentT.Cdf(-sample.Statistic(value), sample.Count - 1);
}
