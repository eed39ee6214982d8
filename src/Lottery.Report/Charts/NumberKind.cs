using System.Globalization;
using Lottery.Report.Tables;

namespace Lottery.Report.Charts;

/// <summary>How a number of a chart is written.</summary>
internal enum NumberKind
{
    /// <summary>A fraction (0–1) as percent with one decimal: <c>97.5 %</c>.</summary>
    Percent,

    /// <summary>A density (0–1) as percent, with two decimals below 1 %.</summary>
    Density,

    /// <summary>An integer with thousands separated: <c>2,748</c>.</summary>
    Count,

    /// <summary>Four significant digits, without a unit.</summary>
    Number,
}

/// <summary>Writes the values and the axis ticks of charts.</summary>
internal static class NumberKinds
{
    private const int MostDecimals = 8;

    /// <summary><paramref name="value"/> with its unit; a dash if it is not finite.</summary>
    public static string Write(this NumberKind format, double value) => !double.IsFinite(value) ? "–" : format switch
    {
        NumberKind.Percent => $"{NumberFormat.Percent(value)} %",
        NumberKind.Density => NumberFormat.Density(value),
        NumberKind.Count => NumberFormat.Count(value),
        NumberKind.Number => value.ToString("G4", CultureInfo.InvariantCulture).Replace('-', '−'),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown kind of number."),
    };

    /// <summary>The labels of ticks: as few decimals as the values need.</summary>
    /// <param name="format">How the numbers are written.</param>
    /// <param name="ticks">The values.</param>
    /// <param name="even">True to write all of them with equally many decimals.</param>
    public static IReadOnlyList<string> WriteTicks(this NumberKind format, IReadOnlyList<double> ticks, bool even)
    {
        double scale = format is NumberKind.Percent or NumberKind.Density ? 100 : 1;
        int most = format == NumberKind.Count ? 0 : MostDecimals;
        int[] decimals = [.. ticks.Select(tick => Math.Min(most, Decimals(tick * scale)))];
        if (even && decimals.Length > 0) Array.Fill(decimals, decimals.Max());
        return [.. ticks.Zip(decimals, (tick, places) => Fixed(format, tick * scale, places) + (scale == 100 ? " %" : ""))];
    }

    private static int Decimals(double value) =>
        Enumerable.Range(0, MostDecimals).Cast<int?>().FirstOrDefault(places => Math.Abs(value - Math.Round(value, places!.Value)) < 1e-6 * Math.Abs(value) + 1e-12) ?? MostDecimals;

    private static string Fixed(NumberKind format, double value, int decimals)
    {
        bool isPower = format == NumberKind.Number && value != 0 && Math.Abs(value) is < 1e-4 or >= 1e6;
        string text = isPower ? value.ToString("0.###E0", CultureInfo.InvariantCulture).Replace('E', 'e')
            : value.ToString($"N{decimals}", CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }
}
