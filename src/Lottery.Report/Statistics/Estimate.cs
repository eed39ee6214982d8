using Lottery.Numerics;

namespace Lottery.Report.Statistics;

/// <summary>A mean with its two-sided 95 % confidence interval.</summary>
/// <param name="Mean">The mean; NaN if there are no values.</param>
/// <param name="Low">Lower end of the interval; NaN if there is no interval.</param>
/// <param name="High">Upper end of the interval; NaN if there is no interval.</param>
/// <param name="Count">Number of values behind <paramref name="Mean"/>.</param>
/// <param name="Over">What the interval generalizes over: other seeds, or other test images.</param>
internal sealed record Estimate(
    double Mean, double Low, double High, int Count, IntervalKind Over = IntervalKind.Replicates)
{
    /// <summary>The confidence of every interval that Lottery prints.</summary>
    public const double Confidence = 0.95;

    /// <summary>The probability left out on each side of an interval.</summary>
    public const double Tail = (1 - Confidence) / 2;

    /// <summary>
    /// The mean of <paramref name="values"/>, one per replicate, with Student's t interval. Equal values give an interval
    /// of width 0; fewer than two values give none.
    /// </summary>
    public static Estimate FromValues(IReadOnlyCollection<double> values) => SampleMean.FromValues(values).Interval(Tail);

    /// <summary>The same for fractions (0–1): an interval ends at 0 and 1.</summary>
    public static Estimate FromFractions(IReadOnlyCollection<double> values)
    {
        Estimate estimate = FromValues(values);
        return estimate with { Low = Math.Max(0, estimate.Low), High = Math.Min(1, estimate.High) };
    }

    /// <summary>
    /// The <paramref name="proportion"/> (0–1) of <paramref name="images"/> test images that one network classifies
    /// correctly, with Wilson's score interval.
    /// </summary>
    public static Estimate FromProportion(double proportion, int images)
    {
        (double low, double high) = Wilson.Interval(proportion, images);
        return new(proportion, low, high, 1, IntervalKind.TestImages);
    }
}

/// <summary>What an interval generalizes over.</summary>
internal enum IntervalKind
{
    /// <summary>Other seeds: Student's t over replicates.</summary>
    Replicates,

    /// <summary>Other test images for the same trained network: Wilson's score interval.</summary>
    TestImages,

    /// <summary>There is no interval.</summary>
    None,
}

/// <summary>The mean of a sample and its standard error: what t intervals and t tests need.</summary>
/// <param name="Mean">The mean; NaN if there are no values.</param>
/// <param name="StandardError">Standard deviation (with n − 1) ÷ √n; NaN for fewer than two values.</param>
/// <param name="Count">Number of values.</param>
internal readonly record struct SampleMean(double Mean, double StandardError, int Count)
{
    public static SampleMean FromValues(IReadOnlyCollection<double> values)
    {
        int n = values.Count;
        // Equal values have a standard deviation of exactly 0, which the rounded mean would miss.
        double mean = n == 0 ? double.NaN : values.Distinct().Count() == 1 ? values.First() : values.Sum() / n;
        double squares = values.Sum(value => (value - mean) * (value - mean));
        return new(mean, n < 2 ? double.NaN : Math.Sqrt(squares / (n - 1) / n), n);
    }

    /// <summary>Half the width of the t interval that leaves out <paramref name="tail"/> on each side.</summary>
    public double HalfWidth(double tail) =>
        double.IsNaN(StandardError) ? double.NaN : StandardError * StudentT.Quantile(1 - tail, Count - 1);

    /// <summary>The mean with the t interval that leaves out <paramref name="tail"/> on each side.</summary>
    public Estimate Interval(double tail)
    {
        double halfWidth = HalfWidth(tail);
        return new(Mean, Mean - halfWidth, Mean + halfWidth, Count, Count < 2 ? IntervalKind.None : IntervalKind.Replicates);
    }

    /// <summary>The t statistic of "the mean is <paramref name="value"/>"; ±∞ without spread, 0 if the mean is the value.</summary>
    public double Statistic(double value) => Mean == value ? 0 : (Mean - value) / StandardError;
}
