namespace Lottery.Report.Drawing;

/// <summary>The shape of a marker, in the order of the slots; <c>charts.js</c> has the same order.</summary>
internal enum MarkerShape
{
    /// <summary>A circle.</summary>
    Circle,

    /// <summary>A square.</summary>
    Square,

    /// <summary>A square on its corner.</summary>
    Diamond,

    /// <summary>A triangle that points up.</summary>
    TriangleUp,

    /// <summary>A diagonal cross.</summary>
    X,

    /// <summary>A star with five points.</summary>
    Star,

    /// <summary>An upright cross.</summary>
    Cross,

    /// <summary>A triangle that points down.</summary>
    TriangleDown,

    /// <summary>A triangle that points left.</summary>
    TriangleLeft,

    /// <summary>A triangle that points right.</summary>
    TriangleRight,
}

/// <summary>Draws markers.</summary>
internal static class Marker
{
    /// <summary>Draws a marker.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="style">Its shape and colour; a hollow one is white with an outline.</param>
    /// <param name="at">Its centre.</param>
    /// <param name="size">The diameter of the circle; the other shapes have about its area.</param>
    public static void Draw(ICanvas canvas, SlotStyle style, Position at, double size)
    {
        Rgb fill = style.IsHollow ? Rgb.White : style.Colour;
        // A white rim keeps markers of crossing lines apart.
        var outline = style.IsHollow ? new Stroke(style.Colour, size * 0.18) : new Stroke(Rgb.White, size * 0.1);
        if (style.Shape == MarkerShape.Circle) canvas.Circle(at, size / 2, fill, outline);
        else canvas.Polygon([.. CornersOf(style.Shape).Select(point => new Position(at.X + point.X * size, at.Y + point.Y * size))], fill, 1, outline);
    }

    private static IEnumerable<(double X, double Y)> CornersOf(MarkerShape shape) => shape switch
    {
        MarkerShape.Square => Turned([(-0.45, -0.45), (0.45, -0.45), (0.45, 0.45), (-0.45, 0.45)], 0),
        MarkerShape.Diamond => Turned([(-0.47, -0.47), (0.47, -0.47), (0.47, 0.47), (-0.47, 0.47)], 45),
        MarkerShape.TriangleUp => Turned(s_triangle, 0),
        MarkerShape.TriangleRight => Turned(s_triangle, 90),
        MarkerShape.TriangleDown => Turned(s_triangle, 180),
        MarkerShape.TriangleLeft => Turned(s_triangle, 270),
        MarkerShape.Cross => Turned(s_cross, 0),
        MarkerShape.X => Turned(s_cross, 45),
        MarkerShape.Star => Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? 0.68 : 0.28, Math.PI * (i / 5.0 - 0.5)))
            .Select(point => (point.Item1 * Math.Cos(point.Item2), point.Item1 * Math.Sin(point.Item2))),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "A shape without an outline."),
    };

    private static readonly (double, double)[] s_triangle = [(0, -0.62), (0.56, 0.4), (-0.56, 0.4)];

    private static readonly (double, double)[] s_cross =
    [
        (-0.17, -0.6), (0.17, -0.6), (0.17, -0.17), (0.6, -0.17), (0.6, 0.17), (0.17, 0.17),
        (0.17, 0.6), (-0.17, 0.6), (-0.17, 0.17), (-0.6, 0.17), (-0.6, -0.17), (-0.17, -0.17),
    ];

    private static IEnumerable<(double X, double Y)> Turned((double X, double Y)[] points, double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        return points.Select(point => (cos * point.X - sin * point.Y, sin * point.X + cos * point.Y));
    }
}
