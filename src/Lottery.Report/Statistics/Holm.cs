namespace Lottery.Report.Statistics;

/// <summary>Holm's step-down correction for testing several hypotheses at once (Holm 1979).</summary>
public static class Holm
{
    /// <summary>The adjusted p-values, in the order given: reject where one is at most the error rate of the whole family.</summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        double[] adjusted = new double[p.Count];
        double largest = 0;
        foreach ((int rank, int index) in Ascending(p).Index())
            adjusted[index] = largest = Math.Max(largest, Math.Min(1, (p.Count - rank) * p[index]));
        return adjusted;
    }

    /// <summary>
    /// The error rate at which each hypothesis is tested, in the order given: <paramref name="alpha"/> ÷ (hypotheses not
    /// yet rejected). After the first that is not rejected the rate stays, so that p ≤ rate exactly where Holm rejects.
    /// </summary>
    public static double[] Rates(IReadOnlyList<double> p, double alpha)
    {
        double[] rates = new double[p.Count];
        int left = p.Count;
        bool rejecting = true;
        foreach (int index in Ascending(p))
        {
            rates[index] = alpha / left;
            rejecting &= p[index] <= rates[index];
            if (rejecting) left--;
        }
        return rates;
    }

    private static IEnumerable<int> Ascending(IReadOnlyList<double> p) => Enumerable.Range(0, p.Count).OrderBy(i => p[i]);
}
