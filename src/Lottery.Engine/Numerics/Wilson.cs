namespace Lottery.Numerics;

/// <summary>The score interval of a proportion (Wilson 1927): the uncertainty of one network's accuracy, given its test images.</summary>
/// <remarks>It does not cover the variation between seeds, and is labelled so wherever it is printed.</remarks>
internal static class Wilson
{
    private const double Tail = 0.025;

    /// <summary>The 95 % interval of a proportion observed in <paramref name="count"/> examples.</summary>
    /// <param name="proportion">The observed proportion, 0–1.</param>
    /// <param name="count">The number of examples, at least 1.</param>
    public static (double Low, double High) Interval(double proportion, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double z = NormalDistribution.Quantile(1 - Tail), z2 = z * z / count;
        double centre = proportion + z2 / 2;
        double halfWidth = z * Math.Sqrt(proportion * (1 - proportion) / count + z2 / (4.0 * count));
        return (Math.Max(0, (centre - halfWidth) / (1 + z2)), Math.Min(1, (centre + halfWidth) / (1 + z2)));
    }
}
