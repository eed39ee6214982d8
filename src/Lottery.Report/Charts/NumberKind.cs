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
    /// <summary><paramref name="value"/> with its unit; a dash if it is not finite.</summary>
    public static string Write(this NumberKind format, double value) => !double.IsFinite(value) ? "–" : format switch
    {
        NumberKind.Percent => $"{NumberFormat.Percent(value)} %",
        NumberKind.Density => NumberFormat.Density(value),
        NumberKind.Count => NumberFormat.Count(value),
        NumberKind.Number => value.ToString("G4", CultureInfo.InvariantCulture).Replace('-', '−'),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown kind of number."),
    };

    /// <summary>The label of an axis tick: as few digits as the value needs.</summary>
    public static string WriteTick(this NumberKind format, double value) => format switch
    {
        NumberKind.Percent or NumberKind.Density => (100 * value).ToString("0.###", CultureInfo.InvariantCulture) + " %",
        NumberKind.Count => NumberFormat.Count(value),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture).Replace('-', '−'),
    };
}
