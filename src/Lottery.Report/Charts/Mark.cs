using System.Collections.Immutable;

namespace Lottery.Report.Charts;

/// <summary>Something that is drawn in a panel and can be hidden by its name.</summary>
/// <param name="Name">What a legend calls it; marks of one name are one entry.</param>
/// <param name="Slot">Which of the palette's colours, from 0; <see cref="Neutral"/> is grey.</param>
internal abstract record Mark(string Name, int Slot)
{
    /// <summary>The slot of what others are compared with.</summary>
    public const int Neutral = -1;
}

/// <summary>Points joined by a line, with a band where there are intervals.</summary>
/// <param name="Name"><inheritdoc cref="Mark" path="/param[@name='Name']"/></param>
/// <param name="Slot"><inheritdoc cref="Mark" path="/param[@name='Slot']"/></param>
/// <param name="Points">From left to right.</param>
internal sealed record LineMark(string Name, int Slot, ImmutableArray<ChartPoint> Points) : Mark(Name, Slot)
{
    /// <summary>Whether each value is marked by a dot.</summary>
    public bool Dotted { get; init; } = true;
}

/// <summary>A value with its interval.</summary>
/// <param name="X">Where.</param>
/// <param name="Y">The value, or the mean of several.</param>
/// <param name="Low">The interval's lower end; NaN where there is no interval.</param>
/// <param name="High">The interval's upper end; NaN where there is no interval.</param>
/// <param name="Count">How many values it is the mean of.</param>
internal readonly record struct ChartPoint(double X, double Y, double Low, double High, int Count);

/// <summary>Bars beside those of the panel's other marks.</summary>
/// <param name="Name"><inheritdoc cref="Mark" path="/param[@name='Name']"/></param>
/// <param name="Slot"><inheritdoc cref="Mark" path="/param[@name='Slot']"/></param>
/// <param name="Items">One for each name on the axis that has a value.</param>
internal sealed record BarMark(string Name, int Slot, ImmutableArray<BarValue> Items) : Mark(Name, Slot);

/// <summary>One bar.</summary>
/// <param name="Category">Its name on the axis.</param>
/// <param name="Value">Its height.</param>
/// <param name="Low">The interval's lower end; NaN where there is no interval.</param>
/// <param name="High">The interval's upper end; NaN where there is no interval.</param>
/// <param name="Count">How many values it is the mean of; 0 where that is not known.</param>
internal sealed record BarValue(string Category, double Value, double Low, double High, int Count);

/// <summary>Points without a line.</summary>
/// <param name="Name"><inheritdoc cref="Mark" path="/param[@name='Name']"/></param>
/// <param name="Slot"><inheritdoc cref="Mark" path="/param[@name='Slot']"/></param>
/// <param name="Points">Places.</param>
internal sealed record PointMark(string Name, int Slot, ImmutableArray<(double X, double Y)> Points) : Mark(Name, Slot);

/// <summary>A rectangle of values as colours.</summary>
/// <param name="Name">What the values are.</param>
/// <param name="Columns">Names of the columns; empty for pixels.</param>
/// <param name="Rows">Names of the rows, top to bottom; empty for pixels.</param>
/// <param name="Values">Row by row; NaN where there is none.</param>
internal sealed record HeatMapMark(
    string Name, ImmutableArray<string> Columns, ImmutableArray<string> Rows, ImmutableArray<ImmutableArray<double>> Values)
    : Mark(Name, 0)
{
    /// <summary>How the values are written.</summary>
    public required ValueFormat Format { get; init; }

    /// <summary>The value of the scale's first colour.</summary>
    public required double Low { get; init; }

    /// <summary>The value of the scale's last colour.</summary>
    public required double High { get; init; }
}
