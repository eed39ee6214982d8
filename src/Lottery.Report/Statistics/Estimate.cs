using Lottery.Numerics;

namespace Lottery.Report.Statistics;

/// <summary>A mean and its 95 % interval.</summary>
/// <param name="Mean">The mean; NaN of nothing.</param>
/// <param name="Low">The interval's lower end; NaN where the spread is unknown.</param>
/// <param name="High">The interval's upper end; NaN where the spread is unknown.</param>
/// <param name="Count">How many values it is the mean of.</param>
/// <param name="Over">What the interval is over: what would be different another time.</param>
public sealed record Estimate(double Mean, double Low, double High, int Count, IntervalKind Over = IntervalKind.Replicates)
{
    /// <summary>The confidence of every interval that Lottery prints.</summary>
    public const double Confidence = 0.95;

    /// <summary>The probability left out below the interval, and as much above it.</summary>
    public const double Tail = (1 - Confidence) / 2;

    /// <summary>The mean of <paramref name="values"/> with Student's t interval; equal values give one of no width.</summary>
    public static Estimate FromValues(IReadOnlyCollection<double> values)
    {
        Sample sample = Sample.Of(values);
        double reach = sample.Reach(Tail);
        return new(sample.Mean, sample.Mean - reach, sample.Mean + reach, sample.Count,
            sample.Count < 2 ? IntervalKind.Unknown : IntervalKind.Replicates);
    }

    /// <summary>One network's share of <paramref name="images"/> test images, with Wilson's interval.</summary>
    public static Estimate FromProportion(double share, int images)
    {
        (double low, double high) = Wilson.Interval(share, images);
        return new(share, low, high, 1, IntervalKind.TestImages);
    }
}

/// <summary>What an interval is over.</summary>
public enum IntervalKind
{
    /// <summary>Other seeds: Student's t over replicates.</summary>
    Replicates,

    /// <summary>Other test images for the same trained network: Wilson's score interval.</summary>
    TestImages,

    /// <summary>There is no interval.</summary>
    Unknown,
}
