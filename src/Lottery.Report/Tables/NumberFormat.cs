using System.Globalization;
using Lottery.Report.Statistics;

namespace Lottery.Report.Tables;

/// <summary>
/// How numbers are written in tables, pages and messages: fractions in percent, differences in percentage points,
/// invariant culture, a real minus sign.
/// </summary>
internal static class NumberFormat
{
    private const string None = "–";

    /// <summary>A density (0–1) as <c>10.8 %</c>; two decimals below 1 %, so that levels stay distinct.</summary>
    public static string Density(double density) => $"{Fixed(100 * density, density is >= 0.01 or 0 ? 1 : 2)} %";

    /// <summary>A fraction (0–1) in percent, without the sign: <c>87.9</c>.</summary>
    public static string Percent(double fraction) => Fixed(100 * fraction, 1);

    /// <summary>An accuracy in percent with its interval, <c>87.9 [87.6 88.2]</c>; only the mean if there is no interval.</summary>
    public static string Accuracy(Estimate estimate, string unit = "") => WithInterval(estimate, Percent, unit);

    /// <summary>A difference in points with its interval, <c>+0.5 [+0.2 +0.8]</c>; only the mean if there is no interval.</summary>
    public static string Difference(Estimate estimate, string unit = "") => WithInterval(estimate, Signed, unit);

    /// <summary>A count such as a step with its interval, <c>4,320 [3,900 4,740]</c>; only the mean if there is no interval.</summary>
    public static string Steps(Estimate estimate) => WithInterval(estimate, Counted, "");

    /// <summary>A difference of counts with its interval, <c>−1,200 [−1,500 −900]</c>; only the mean if there is no interval.</summary>
    public static string StepDifference(Estimate estimate, string unit = "") => WithInterval(estimate, SignedCount, unit);

    /// <summary>
    /// The size of a difference whose direction the sentence states, <c>1.1 points [0.7 1.5]</c>. It has a second or third
    /// decimal where the first would round an end of the interval to zero although the interval excludes zero.
    /// </summary>
    public static string Points(Estimate difference)
    {
        int decimals = 1;
        while (decimals < 3 && (RoundsToZero(difference.Low) || RoundsToZero(difference.High))) decimals++;
        return WithInterval(difference, fraction => Fixed(100 * fraction, decimals), " points");

        bool RoundsToZero(double fraction) => fraction != 0 && Math.Abs(100 * fraction) < 0.5 * Math.Pow(10, -decimals);
    }

    /// <summary>A difference (−1 to 1) in points with its sign, <c>+0.5</c>; <c>0.0</c> has no sign.</summary>
    public static string Signed(double fraction)
    {
        string digits = Fixed(100 * fraction, 1);
        return fraction > 0 && digits is not ("0.0" or None) ? $"+{digits}" : digits;
    }

    /// <summary>A p-value with three decimals, <c>0.016</c> or <c>&lt;0.001</c>; empty if it is NaN.</summary>
    public static string Probability(double p) =>
        double.IsNaN(p) ? "" : p < 0.001 ? "<0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A number with as few digits as it has, as options and files state it: <c>0.211</c>.</summary>
    public static string Number(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>A count with thousands separated, <c>266,200</c>.</summary>
    public static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count of multiply-adds in words that a screen reader can read: <c>4.1 trillion</c>.</summary>
    public static string LargeCount(double count) => count switch
    {
        < 1e9 => $"{Fixed(count / 1e6, 1)} million",
        < 1e12 => $"{Fixed(count / 1e9, 1)} billion",
        _ => $"{Fixed(count / 1e12, 1)} trillion",
    };

    /// <summary>A count with its noun: <c>1 run</c>, <c>1,085 runs</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">The noun in the singular; its plural ends in s.</param>
    public static string Counted(double count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A number of bytes in units of 1,000: <c>512 B</c>, <c>6.8 kB</c>, <c>30.9 MB</c>, <c>23.5 GB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => $"{Fixed(bytes / 1e3, 1)} kB",
        < 1_000_000_000 => $"{Fixed(bytes / 1e6, 1)} MB",
        _ => $"{Fixed(bytes / 1e9, 1)} GB",
    };

    /// <summary>A duration from fractions of a second to days: <c>0.4 s</c>, <c>71 s</c>, <c>12 min</c>, <c>3.5 h</c>.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 9.95 => $"{Fixed(seconds, 1)} s",
        < 599.5 => $"{Fixed(seconds, 0)} s",
        < 119.5 * 60 => $"{Fixed(seconds / 60, 0)} min",
        _ => $"{Fixed(seconds / 3600, 1)} h",
    };

    /// <summary>A point in time in UTC, to the minute: <c>2026-11-27 05:12</c>.</summary>
    public static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Counted(double count) => double.IsFinite(count) ? Count(Math.Round(count, MidpointRounding.AwayFromZero)).Replace('-', '−') : None;

    private static string SignedCount(double count) => Math.Round(count, MidpointRounding.AwayFromZero) is > 0 and var whole ? $"+{Counted(whole)}" : Counted(count);

    private static string WithInterval(Estimate estimate, Func<double, string> write, string unit) =>
        double.IsNaN(estimate.Low)
            ? $"{write(estimate.Mean)}{unit}"
            : $"{write(estimate.Mean)}{unit} [{write(estimate.Low)} {write(estimate.High)}]";

    /// <summary>Rounded half away from zero, never "−0.0"; a dash if the value is not finite.</summary>
    private static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value)) return None;
        string digits = Math.Abs(value).ToString($"F{decimals}", CultureInfo.InvariantCulture);
        return value < 0 && digits.AsSpan().ContainsAnyExcept("0.") ? $"−{digits}" : digits;
    }
}
