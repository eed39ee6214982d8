using System.Globalization;
using Lottery.Report.Statistics;
using Lottery.Specifications;

namespace Lottery.Report.Tables;

/// <summary>How numbers are written for people, the same everywhere: shares in percent, differences in points.</summary>
internal static class NumberFormat
{
    private const string None = "–";

    /// <summary>A share as <c>10.8 %</c>; below one percent with more digits, as many as tell levels apart.</summary>
    public static string Density(double share) => $"{Fixed(100 * share, share is >= 0.01 or 0 ? 1 : 2)} %";

    /// <summary>An accuracy as <c>87.9</c>, in percent.</summary>
    public static string Percent(double share) => Fixed(100 * share, 1);

    /// <summary>An accuracy with its interval, <c>87.9 [87.6 88.2]</c>, in percent; the mean alone without interval.</summary>
    public static string Accuracy(Estimate estimate, string unit = "") => WithInterval(estimate, Percent, unit);

    /// <summary>A difference with its interval, <c>+0.5 [+0.2 +0.8]</c>, in points.</summary>
    public static string Difference(Estimate estimate, string unit = "") => WithInterval(estimate, Signed, unit);

    /// <summary>
    /// A difference's size for a sentence that says which is better, <c>1.1 points [0.7 1.5]</c>: with a second or third
    /// decimal where the first would round an end of the interval to zero, which it excludes.
    /// </summary>
    public static string Points(Estimate difference)
    {
        int decimals = 1;
        while (decimals < 3 && Rounds(difference.Low) + Rounds(difference.High) > 0) decimals++;
        return WithInterval(difference, share => Fixed(100 * share, decimals), " points");

        int Rounds(double share) => share != 0 && Math.Abs(100 * share) < 0.5 * Math.Pow(10, -decimals) ? 1 : 0;
    }

    /// <summary>A count with thousands separated, <c>266,200</c>.</summary>
    public static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Bytes as <c>512 B</c>, <c>6.8 kB</c>, <c>30.9 MB</c>, <c>23.5 GB</c>, by thousands.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => $"{Fixed(bytes / 1e3, 1)} kB",
        < 1_000_000_000 => $"{Fixed(bytes / 1e6, 1)} MB",
        _ => $"{Fixed(bytes / 1e9, 1)} GB",
    };

    /// <summary>A share of a second to some days, <c>0.4 s</c>, <c>71 s</c>, <c>12 min</c>, <c>3.5 h</c>.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 9.95 => $"{Fixed(seconds, 1)} s",
        < 599.5 => $"{Fixed(seconds, 0)} s",
        < 119.5 * 60 => $"{Fixed(seconds / 60, 0)} min",
        _ => $"{Fixed(seconds / 3600, 1)} h",
    };

    /// <summary>A control's heading in a table; the ticket's for none.</summary>
    public static string Heading(Control control) => control switch
    {
        Control.None => "ticket",
        Control.Reinit => "reinitialized",
        Control.RandomMask => "random mask",
        _ => throw new ArgumentOutOfRangeException(nameof(control), control, "A control without a heading."),
    };

    /// <summary>In points with its sign, <c>+0.5</c>; what rounds to zero has none.</summary>
    public static string Signed(double share)
    {
        string digits = Fixed(100 * share, 1);
        return share > 0 && digits is not ("0.0" or None) ? $"+{digits}" : digits;
    }

    private static string WithInterval(Estimate estimate, Func<double, string> write, string unit) =>
        double.IsNaN(estimate.Low)
            ? $"{write(estimate.Mean)}{unit}"
            : $"{write(estimate.Mean)}{unit} [{write(estimate.Low)} {write(estimate.High)}]";

    /// <summary>Rounded half away from zero; a real minus sign; no "−0.0"; a dash where there is no number.</summary>
    private static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value)) return None;
        string digits = Math.Abs(value).ToString($"F{decimals}", CultureInfo.InvariantCulture);
        return value < 0 && digits.AsSpan().ContainsAnyExcept("0.") ? $"−{digits}" : digits;
    }
}
