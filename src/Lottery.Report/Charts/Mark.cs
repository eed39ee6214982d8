using System.Collections.Immutable;
using Lottery.Report.Statistics;

namespace Lottery.Report.Charts;

/// <summary>Something drawn in a panel that its legend entry shows or hides.</summary>
/// <param name="Name">Its legend entry; marks of one name share an entry.</param>
/// <param name="Slot">Index of its colour in the palette, from 0; <see cref="Neutral"/> is grey.</param>
internal abstract record Mark(string Name, int Slot)
{
    /// <summary>The slot of what others are compared with.</summary>
    public const int Neutral = -1;
}

/// <summary>Points joined by a line, with a band where there are intervals.</summary>
/// <param name="Name"><inheritdoc cref="Mark" path="/param[@name='Name']"/></param>
/// <param name="Slot"><inheritdoc cref="Mark" path="/param[@name='Slot']"/></param>
/// <param name="Points">In the order in which the line joins them.</param>
internal sealed record LineMark(string Name, int Slot, ImmutableArray<ChartPoint> Points) : Mark(Name, Slot)
{
    /// <summary>True if each point has a marker.</summary>
    public bool HasMarkers { get; init; } = true;
}

/// <summary>A value with its interval.</summary>
/// <param name="X">Its position.</param>
/// <param name="Y">The value, or the mean of several.</param>
/// <param name="Low">Lower end of the interval; NaN if there is no interval.</param>
/// <param name="High">Upper end of the interval; NaN if there is no interval.</param>
/// <param name="Count">Number of values behind <paramref name="Y"/>.</param>
internal readonly record struct ChartPoint(double X, double Y, double Low, double High, int Count)
{
    /// <summary>A value without an interval.</summary>
    public static ChartPoint Exact(double x, double y) => new(x, y, double.NaN, double.NaN, 1);

    /// <summary>A mean with its interval; <paramref name="isFraction"/> clips the interval to 0–1.</summary>
    public static ChartPoint Of(double x, Estimate estimate, bool isFraction = true) => new(
        x, estimate.Mean, isFraction ? Math.Max(0, estimate.Low) : estimate.Low,
        isFraction ? Math.Min(1, estimate.High) : estimate.High, estimate.Count);
}

/// <summary>Horizontal bars, next to those of the panel's other bar marks.</summary>
/// <param name="Name"><inheritdoc cref="Mark" path="/param[@name='Name']"/></param>
/// <param name="Slot"><inheritdoc cref="Mark" path="/param[@name='Slot']"/></param>
/// <param name="Items">One for each name on the axis that has a value.</param>
internal sealed record BarMark(string Name, int Slot, ImmutableArray<BarValue> Items) : Mark(Name, Slot);

/// <summary>One bar.</summary>
/// <param name="Category">Its name on the axis.</param>
/// <param name="Value">Its length.</param>
/// <param name="Low">Lower end of the interval; NaN if there is no interval.</param>
/// <param name="High">Upper end of the interval; NaN if there is no interval.</param>
/// <param name="Count">Number of values behind <paramref name="Value"/>; 0 if not known.</param>
internal sealed record BarValue(string Category, double Value, double Low, double High, int Count);

/// <summary>Points without a line.</summary>
/// <param name="Name"><inheritdoc cref="Mark" path="/param[@name='Name']"/></param>
/// <param name="Slot"><inheritdoc cref="Mark" path="/param[@name='Slot']"/></param>
/// <param name="Points">Their positions.</param>
internal sealed record PointMark(string Name, int Slot, ImmutableArray<(double X, double Y)> Points) : Mark(Name, Slot);

/// <summary>A matrix of values as colours.</summary>
/// <param name="Name">What the values are.</param>
/// <param name="Columns">Names of the columns; empty for pixels.</param>
/// <param name="Rows">Names of the rows, top to bottom; empty for pixels.</param>
/// <param name="Values">Row by row; NaN where there is no value.</param>
internal sealed record HeatMapMark(
    string Name, ImmutableArray<string> Columns, ImmutableArray<string> Rows, ImmutableArray<ImmutableArray<double>> Values)
    : Mark(Name, 0)
{
    /// <summary>How the values are written.</summary>
    public required NumberKind Format { get; init; }

    /// <summary>The value with the first colour of the scale.</summary>
    public required double Low { get; init; }

    /// <summary>The value with the last colour of the scale.</summary>
    public required double High { get; init; }
}
