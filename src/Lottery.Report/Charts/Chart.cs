using System.Collections.Immutable;

namespace Lottery.Report.Charts;

/// <summary>A chart as data. The page's script, the image files, the CSV file and the table all come from this record.</summary>
internal sealed record Chart
{
    /// <summary>Its name in file names and anchors: lower-case letters and hyphens, unique in its section.</summary>
    public required string Key { get; init; }

    /// <summary>Its heading.</summary>
    public required string Title { get; init; }

    /// <summary>How to read it and what its intervals are, in a sentence or two.</summary>
    public required string Text { get; init; }

    /// <summary>The horizontal axis of every panel.</summary>
    public required ChartAxis X { get; init; }

    /// <summary>The vertical axis of every panel.</summary>
    public required ChartAxis Y { get; init; }

    /// <summary>The drawings that a slider or a list steps through; at least one.</summary>
    public required ImmutableArray<ChartFrame> Frames { get; init; }

    /// <summary>What the frames are, for example <c>density</c>; empty if there is one.</summary>
    public string Steps { get; init; } = "";

    /// <summary>What the panels of a frame are, for example <c>layer</c>; empty if there is one.</summary>
    public string Panels { get; init; } = "";

    /// <summary>What the marks are, for example <c>condition</c>.</summary>
    public string Series { get; init; } = "condition";

    /// <summary>The index of the frame that is shown first and that image files show.</summary>
    public int First { get; init; }
}

/// <summary>One step of a chart's slider.</summary>
/// <param name="Label">The step, for example <c>21.1 %</c>; empty if the chart has one frame.</param>
/// <param name="Panels">Drawings side by side; at least one.</param>
internal sealed record ChartFrame(string Label, ImmutableArray<ChartPanel> Panels);

/// <summary>One drawing with its own axes.</summary>
/// <param name="Label">Its heading; empty if the frame has one panel.</param>
/// <param name="Marks">What is drawn, in drawing order.</param>
internal sealed record ChartPanel(string Label, ImmutableArray<Mark> Marks)
{
    /// <summary>The part of the vertical axis that it shows enlarged of the frame's first panel; null for a panel of its own.</summary>
    public (double Low, double High)? Zoom { get; init; }

    /// <summary>The part of the vertical axis that another panel shows enlarged; null if none does.</summary>
    public (double Low, double High)? Enlarged { get; init; }
}

/// <summary>An axis.</summary>
/// <param name="Label">What it measures, with its unit.</param>
/// <param name="Format">How its numbers are written.</param>
/// <param name="Kind">How values become positions.</param>
internal sealed record ChartAxis(string Label, NumberKind Format, AxisKind Kind = AxisKind.Linear)
{
    /// <summary>True if values decrease to the right.</summary>
    public bool Reversed { get; init; }

    /// <summary>The ends of the axis; null to take them from the values.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>A logarithmic density axis that decreases to the right, as in the papers.</summary>
    public static ChartAxis Density { get; } = new("weights remaining", NumberKind.Density, AxisKind.Log) { Reversed = true };
}

/// <summary>How values become positions on an axis.</summary>
internal enum AxisKind
{
    /// <summary>Equal differences have equal lengths.</summary>
    Linear,

    /// <summary>Equal ratios have equal lengths.</summary>
    Log,

    /// <summary>Names, in the order given.</summary>
    Names,

    /// <summary>Rows and columns of an image, without ticks.</summary>
    Pixels,
}
