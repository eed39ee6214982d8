namespace Lottery.Report.Statistics;

/// <summary>What a t interval or a t test needs to know of some values.</summary>
/// <param name="Mean">The mean; NaN of nothing.</param>
/// <param name="StandardError">Standard deviation (n − 1) ÷ √n; NaN for fewer than two values.</param>
/// <param name="Count">How many values.</param>
internal readonly record struct Sample(double Mean, double StandardError, int Count)
{
    public static Sample Of(IReadOnlyCollection<double> values)
    {
        int n = values.Count;
        // Equal values have a spread of exactly zero, which the rounded mean would miss.
        double mean = n == 0 ? double.NaN : values.Distinct().Count() == 1 ? values.First() : values.Sum() / n;
        double squares = values.Sum(value => (value - mean) * (value - mean));
        return new(mean, n < 2 ? double.NaN : Math.Sqrt(squares / (n - 1) / n), n);
    }

    /// <summary>How far from the mean the interval reaches that leaves out <paramref name="tail"/> on one side.</summary>
    public double Reach(double tail) =>
        double.IsNaN(StandardError) ? double.NaN : StandardError * StudentT.Quantile(1 - tail, Count - 1);

    /// <summary>The t statistic against <paramref name="value"/>; ±∞ without spread, 0 where the mean is the value.</summary>
    public double Statistic(double value) => Mean == value ? 0 : (Mean - value) / StandardError;
}
