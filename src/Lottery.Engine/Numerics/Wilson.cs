namespace Lottery.Numerics;

/// <summary>The score interval of a share (Wilson 1927): how sure one network's accuracy is, given its test images.</summary>
/// <remarks>It says nothing about other seeds, and is labelled so wherever it is printed.</remarks>
public static class Wilson
{
    private const double Tail = 0.025;

    /// <summary>The 95 % interval of a share seen in <paramref name="count"/> examples.</summary>
    /// <param name="share">The share that was right, 0–1.</param>
    /// <param name="count">How many were looked at, at least 1.</param>
    public static (double Low, double High) Interval(double share, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double z = NormalDistribution.Quantile(1 - Tail), z2 = z * z / count;
        double centre = share + z2 / 2;
        double reach = z * Math.Sqrt(share * (1 - share) / count + z2 / (4.0 * count));
        return (Math.Max(0, (centre - reach) / (1 + z2)), Math.Min(1, (centre + reach) / (1 + z2)));
    }
}
