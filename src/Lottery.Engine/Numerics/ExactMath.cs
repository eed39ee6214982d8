namespace Lottery.Numerics;

/// <summary>
/// Logarithm, exponential and cosine with the same bits on every machine; those of the C library differ between machines in the
/// last bit, and a run must not. Double precision, + − × ÷ only, no fused multiply-add.
/// </summary>
internal static class ExactMath
{
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>The natural logarithm, within about two units in the last place.</summary>
    /// <param name="x">A positive, finite, normal number.</param>
    public static double Log(double x)
    {
        // x = 2^exponent × m with m in [√½, √2); log m = 2 artanh(s) with s = (m − 1) ÷ (m + 1), |s| < 0.172
        ulong bits = BitConverter.DoubleToUInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double m = BitConverter.UInt64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }
        double s = (m - 1.0) / (m + 1.0), square = s * s, series = 0.0;
        for (int odd = 23; odd >= 3; odd -= 2) series = (series + 1.0 / odd) * square;
        return exponent * Ln2High + (2.0 * s * series + exponent * Ln2Low + 2.0 * s);
    }

    /// <summary>cos(πx), within 10⁻¹⁵; exact at 0, ½ and 1.</summary>
    /// <param name="x">0 to 1.</param>
    public static double CosineOfPi(double x)
    {
        if (x == 0.5) return 0.0;
        if (x > 0.5) return -CosineOfPi(1.0 - x);
        // cos 2a = 1 − 2 sin² a with a ≤ π/4: its series ends below the last bit after eight terms.
        double a = x * 1.5707963267948966, square = a * a, sum = 1.0;
        for (int n = 17; n >= 3; n -= 2) sum = 1.0 - square / (n * (n - 1)) * sum;
        double sine = a * sum;
        return 1.0 - 2.0 * (sine * sine);
    }

    /// <summary>e to the power <paramref name="x"/>, within about one unit in the last place.</summary>
    /// <param name="x">Any number; below −708 the result is 0, above 709 infinity.</param>
    public static double Exp(double x)
    {
        if (x < -708.0) return 0.0;
        if (x > 709.0) return double.PositiveInfinity;
        double turns = Math.Floor(x * 1.4426950408889634 + 0.5);
        double r = (x - turns * Ln2High) - turns * Ln2Low, sum = 1.0;
        for (int n = 14; n >= 1; n--) sum = 1.0 + r * sum / n;
        return sum * BitConverter.UInt64BitsToDouble((ulong)((long)turns + 1023) << 52);
    }
}
