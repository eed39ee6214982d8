namespace Lottery.Masks;

/// <summary>How far weights are from zero, and in which place that puts each among the others.</summary>
internal static class Sizes
{
    /// <summary>|w| × <paramref name="factor"/>.</summary>
    internal static double[] Of(ReadOnlySpan<float> weights, double factor)
    {
        var sizes = new double[weights.Length];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = Math.Abs((double)weights[i]) * factor;
        return sizes;
    }

    /// <summary>
    /// For each weight (1 + the number of weights that are nearer to zero) ÷ their number: above 0, at most 1, so that
    /// ranks in layers of different sizes compare; equal sizes have equal ranks. Not a number where the weight is none.
    /// </summary>
    internal static double[] Ranks(ReadOnlySpan<float> weights)
    {
        double[] sizes = Of(weights, 1.0), ranks = new double[sizes.Length];
        int[] places = [.. Enumerable.Range(0, sizes.Length)];
        Array.Sort(sizes, places);
        for (int i = 0, first = 0; i < sizes.Length; i++)
        {
            if (sizes[i] != sizes[first]) first = i;
            ranks[places[i]] = double.IsNaN(sizes[i]) ? double.NaN : (first + 1.0) / sizes.Length;
        }
        return ranks;
    }
}
