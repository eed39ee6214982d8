namespace Lottery.Report.Statistics;

/// <summary>Holm's step-down correction for testing several hypotheses (Holm 1979).</summary>
internal static class Holm
{
    /// <summary>
    /// The adjusted p-values, in the order given. A hypothesis is rejected if its adjusted p-value is at most the
    /// family-wise error rate.
    /// </summary>
    /// <param name="p">Unadjusted p-values, 0–1.</param>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> p)
    {
        double[] adjusted = new double[p.Count];
        double largest = 0;
        foreach ((int rank, int index) in Ascending(p).Index())
            adjusted[index] = largest = Math.Max(largest, Math.Min(1, (p.Count - rank) * p[index]));
        return adjusted;
    }

    /// <summary>
    /// The error rate at which each hypothesis is tested, in the order given: <paramref name="alpha"/> ÷ (hypotheses not
    /// yet rejected). After the first hypothesis that is not rejected the rate is constant, so that p ≤ rate exactly where
    /// Holm's procedure rejects.
    /// </summary>
    /// <param name="p">Unadjusted p-values, 0–1.</param>
    /// <param name="alpha">The family-wise error rate, 0–1.</param>
    public static IReadOnlyList<double> Rates(IReadOnlyList<double> p, double alpha)
    {
        double[] rates = new double[p.Count];
        int remaining = p.Count;
        bool rejecting = true;
        foreach (int index in Ascending(p))
        {
            rates[index] = alpha / remaining;
            rejecting &= p[index] <= rates[index];
            if (rejecting) remaining--;
        }
        return rates;
    }

    private static IEnumerable<int> Ascending(IReadOnlyList<double> p) => Enumerable.Range(0, p.Count).OrderBy(i => p[i]);
}
