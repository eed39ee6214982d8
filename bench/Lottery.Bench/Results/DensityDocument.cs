using System.Collections.Immutable;
using System.Globalization;
using Lottery.Bench.Timing;
using Lottery.Report.Charts;
using Lottery.Report.Drawing;

namespace Lottery.Bench.Results;

/// <summary>The table and the chart of steps at many densities.</summary>
internal static class DensityDocument
{
    /// <summary>A level's step may be so much slower than that of the level before.</summary>
    private const double MostSlower = 1.05;

    /// <summary>The machine's peaks.</summary>
    public static string Of(MachineRates rates) => Text(
        $"One core, in vectors of sixteen values: {rates.MultiplyAdds / 1e9:F2} multiply-adds, {rates.Loads / 1e9:F2} loads and {rates.Roots / 1e9:F3} roots with divisions a nanosecond.");

    /// <summary>The table of one network, and whether no step is slower than the one before.</summary>
    public static IEnumerable<string> Table(ImmutableArray<DensityRow> rows)
    {
        bool haveLevels = rows[0].Level >= 0;
        yield return $"| {(haveLevels ? "level | " : "")}density | step, ms | ÷ the row before | multiply-adds, million | bound, ms | mostly by | bound ÷ step |";
        yield return $"|{(haveLevels ? "--:|" : "")}--:|--:|--:|--:|--:|---|--:|";
        foreach (DensityRow row in rows)
            yield return Text(
                $"| {(haveLevels ? Text($"{row.Level} | ") : "")}{row.Density:P1} | {row.Milliseconds:G3} | {(double.IsNaN(row.Before) ? "" : Text($"{row.Before:F2}"))} | {row.MultiplyAdds / 1e6:G3} | {row.Bound:G3} | {row.By} | {row.Fraction:P0} |");
        DensityRow slowest = rows.Skip(1).MaxBy(row => row.Before)!;
        yield return "";
        yield return Text(
            $"No step of {rows[0].Network} is slower than the one before it, up to 5 %: {(slowest.Before <= MostSlower ? "holds" : "does not hold")}; the largest ratio is {slowest.Before:F2}, at {slowest.Density:P1}.");
    }

    /// <summary>The chart of several networks, as SVG.</summary>
    public static string Draw(IEnumerable<ImmutableArray<DensityRow>> networks) => ChartImage.WriteSvg(
        new()
        {
            Key = "densities", Title = "A training step against the density",
            Text = "Milliseconds of a step on one thread, and the time that the machine's peaks allow for the same work.",
            X = ChartAxis.Density, Y = new("milliseconds", NumberKind.Number, AxisKind.Log), Series = "time", Panels = "network",
            Frames = [new("", [.. networks.Select(rows => new ChartPanel(rows[0].Network,
            [
                new LineMark("bound of the machine", Mark.Neutral, [.. rows.Select(row => ChartPoint.Exact(row.Density, row.Bound))]) { HasMarkers = false },
                new LineMark("training step", 0, [.. rows.Select(row => ChartPoint.Exact(row.Density, row.Milliseconds))]),
            ]))])],
        },
        new() { Width = 720 });

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
