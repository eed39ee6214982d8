using System.Collections.Immutable;

namespace Lottery.Report.Charts;

/// <summary>
/// A chart as numbers: what is drawn in a browser, in a file, and written as a table all come from this one record.
/// </summary>
internal sealed record Chart
{
    /// <summary>What it is called in files and anchors: lower-case letters and hyphens, unique in its section.</summary>
    public required string Key { get; init; }

    /// <summary>Its heading.</summary>
    public required string Title { get; init; }

    /// <summary>How to read it, and what its intervals are, in a sentence or two.</summary>
    public required string Text { get; init; }

    /// <summary>The horizontal axis of every panel.</summary>
    public required ChartAxis X { get; init; }

    /// <summary>The vertical axis of every panel.</summary>
    public required ChartAxis Y { get; init; }

    /// <summary>One drawing, or several that a slider steps through; at least one.</summary>
    public required ImmutableArray<ChartFrame> Frames { get; init; }

    /// <summary>What the slider steps through, for example <c>density</c>; empty where there is one frame.</summary>
    public string Steps { get; init; } = "";

    /// <summary>What the panels of a frame are, for example <c>layer</c>; empty where there is one panel.</summary>
    public string Panels { get; init; } = "";

    /// <summary>What the marks are, for example <c>condition</c>.</summary>
    public string Series { get; init; } = "condition";

    /// <summary>The frame that is shown first, and the one that paper gets.</summary>
    public int First { get; init; }
}

/// <summary>One step of a slider.</summary>
/// <param name="Label">For example <c>21.1 %</c>.</param>
/// <param name="Panels">Drawings side by side; at least one.</param>
internal sealed record ChartFrame(string Label, ImmutableArray<ChartPanel> Panels);

/// <summary>One drawing with axes of its own.</summary>
/// <param name="Label">Its heading; empty where it is alone.</param>
/// <param name="Marks">What is drawn, first to last.</param>
internal sealed record ChartPanel(string Label, ImmutableArray<Mark> Marks);

/// <summary>An axis.</summary>
/// <param name="Label">What it measures, with its unit.</param>
/// <param name="Format">How its numbers are written.</param>
/// <param name="Kind">How values become places.</param>
internal sealed record ChartAxis(string Label, ValueFormat Format, AxisKind Kind = AxisKind.Linear)
{
    /// <summary>The values to mark; empty where the drawing chooses.</summary>
    public ImmutableArray<double> Ticks { get; init; } = [];

    /// <summary>Whether values fall to the right.</summary>
    public bool Reversed { get; init; }

    /// <summary>Where the axis begins and ends; null where its values say.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>Density, falling to the right, by factors: as the papers draw it.</summary>
    public static ChartAxis Density(double least) => new("weights remaining", ValueFormat.Density, AxisKind.Log)
    {
        Reversed = true,
        Ticks = [.. new[] { 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001 }
            .Where(tick => tick >= least * 0.99)],
    };
}

/// <summary>How values become places on an axis.</summary>
internal enum AxisKind
{
    /// <summary>Equal differences are equally long.</summary>
    Linear,

    /// <summary>Equal factors are equally long.</summary>
    Log,

    /// <summary>Names, in the order given.</summary>
    Names,

    /// <summary>Rows and columns of an image: nothing is written beside them.</summary>
    Pixels,
}
