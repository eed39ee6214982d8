namespace Lottery.Report.Comparisons;

/// <summary>The distribution of the kept weights of a unit, of a layer that a random mask prunes.</summary>
internal static class Hypergeometric
{
    /// <summary>The probability of each number of kept weights, from 0 to <paramref name="drawn"/>.</summary>
    /// <param name="all">The layer's weights.</param>
    /// <param name="kept">Its kept weights.</param>
    /// <param name="drawn">A unit's weights.</param>
    public static double[] Probabilities(int all, int kept, int drawn)
    {
        var weights = new double[drawn + 1];
        int least = Math.Max(0, drawn - (all - kept)), most = Math.Min(drawn, kept);
        // From the most probable number outwards by the ratio of neighbours, so that no factorial is needed and nothing overflows.
        int mode = Math.Clamp((int)((drawn + 1.0) * (kept + 1.0) / (all + 2.0)), least, most);
        weights[mode] = 1;
        for (int k = mode; k < most; k++) weights[k + 1] = weights[k] * Ratio(k);
        for (int k = mode; k > least; k--) weights[k - 1] = weights[k] / Ratio(k - 1);
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];

        double Ratio(int k) => ((double)kept - k) * (drawn - k) / ((k + 1.0) * ((double)all - kept - drawn + k + 1));
    }
}
