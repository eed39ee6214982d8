namespace Lottery.Report.Statistics;

/// <summary>Student's t distribution with an integer number of degrees of freedom.</summary>
/// <remarks>
/// For integer degrees of freedom the distribution function is a finite sum (Abramowitz &amp; Stegun 1964, 26.7.3 and
/// 26.7.4): it needs no special function and no truncated series.
/// </remarks>
internal static class StudentT
{
    /// <summary>The distribution function P(T ≤ <paramref name="t"/>), 0–1.</summary>
    /// <param name="t">Any number; +∞ gives 1, −∞ gives 0, NaN gives NaN.</param>
    /// <param name="freedom">Degrees of freedom, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="freedom"/> is less than 1.</exception>
    public static double Cdf(double t, int freedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(freedom, 1);
        return double.IsNaN(t) ? double.NaN : 0.5 + Math.Sign(t) * Within(Math.Abs(t), freedom) / 2;
    }

    /// <summary>The quantile: the t with P(T ≤ t) = <paramref name="p"/>, to the last bit of a double.</summary>
    /// <param name="p">Between 0 and 1, both excluded.</param>
    /// <param name="freedom">Degrees of freedom, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Quantile(double p, int freedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(freedom, 1);
        if (p is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "The probability must be between 0 and 1.");
        if (p < 0.5) return -Quantile(1 - p, freedom);
        double high = 1;
        while (Cdf(high, freedom) < p && double.IsFinite(high)) high *= 2;
        return Bisect(0, high, t => Cdf(t, freedom) < p);
    }

    /// <summary>P(|T| ≥ |<paramref name="t"/>|): the p-value of a two-sided test.</summary>
    /// <param name="t">The t statistic.</param>
    /// <param name="freedom">Degrees of freedom, at least 1.</param>
    public static double TwoSided(double t, int freedom) => 2 * Cdf(-Math.Abs(t), freedom);

    /// <summary>P(|T| ≤ t) for t ≥ 0, summed over even or odd powers of cos θ with tan θ = t ÷ √freedom.</summary>
    private static double Within(double t, int freedom)
    {
        double theta = Math.Atan(t / Math.Sqrt(freedom));
        (double sin, double cos) = Math.SinCos(theta);
        bool odd = freedom % 2 == 1;
        double term = odd ? cos : 1, sum = 0;
        for (int k = odd ? 1 : 0; k <= freedom - 2; k += 2)
        {
            sum += term;
            term *= cos * cos * (k + 1) / (k + 2);
        }
        return odd ? 2 / Math.PI * (theta + sin * sum) : sin * sum;
    }

    private static double Bisect(double low, double high, Func<double, bool> below)
    {
        for (double middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
            (low, high) = below(middle) ? (middle, high) : (low, middle);
        return high;
    }
}
