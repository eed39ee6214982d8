namespace Lottery.Report.Drawing;

/// <summary>What an image is drawn on. Lengths are in points, from the upper left corner.</summary>
internal interface ICanvas
{
    /// <summary>A filled rectangle with sharp edges.</summary>
    void Rectangle(Box box, Rgb fill);

    /// <summary>Points joined by a line.</summary>
    void Line(IReadOnlyList<Position> points, Stroke stroke);

    /// <summary>A closed, filled area; an outline is drawn on it.</summary>
    void Polygon(IReadOnlyList<Position> points, Rgb fill, double opacity = 1, Stroke? outline = null);

    /// <summary>A filled circle; an outline is drawn on it.</summary>
    void Circle(Position centre, double radius, Rgb fill, Stroke? outline = null);

    /// <summary>Many small dots, round or square.</summary>
    void Dots(IReadOnlyList<Position> points, double diameter, Rgb colour, double opacity, bool round);

    /// <summary>Text that readers can select.</summary>
    void Text(TextBlock text);

    /// <summary>What <paramref name="draw"/> draws, as a named group.</summary>
    /// <param name="name">The name: lower-case letters.</param>
    /// <param name="draw">Draws it.</param>
    /// <param name="clip">What is outside is not shown; null to show all.</param>
    void Group(string name, Action draw, Box? clip = null);
}

/// <summary>A point of an image.</summary>
internal readonly record struct Position(double X, double Y);

/// <summary>An upright rectangle.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    /// <summary>The right edge.</summary>
    public double Right => X + Width;

    /// <summary>The lower edge.</summary>
    public double Bottom => Y + Height;

    /// <summary>The middle.</summary>
    public Position Centre => new(X + Width / 2, Y + Height / 2);

    /// <summary>The corners, in the order in which an outline joins them.</summary>
    public IReadOnlyList<Position> Corners => [new(X, Y), new(Right, Y), new(Right, Bottom), new(X, Bottom), new(X, Y)];
}

/// <summary>How a line is drawn.</summary>
/// <param name="Colour">Its colour.</param>
/// <param name="Width">Its width.</param>
/// <param name="Dash">Lengths of dashes and gaps in turn; null for a solid line.</param>
internal sealed record Stroke(Rgb Colour, double Width, IReadOnlyList<double>? Dash = null);

/// <summary>Lines of text.</summary>
/// <param name="Lines">The lines, top to bottom.</param>
/// <param name="At">Where the first line's baseline begins, is centred, or ends.</param>
/// <param name="Size">The size of the font.</param>
/// <param name="Colour">The colour.</param>
/// <param name="Anchor">What <paramref name="At"/> is.</param>
internal sealed record TextBlock(IReadOnlyList<string> Lines, Position At, double Size, Rgb Colour, TextAnchor Anchor = TextAnchor.Start)
{
    /// <summary>The distance of two baselines, in font sizes.</summary>
    public const double LineHeight = 1.25;

    /// <summary>True for bold letters.</summary>
    public bool IsBold { get; init; }

    /// <summary>True if it reads upwards.</summary>
    public bool IsVertical { get; init; }

    /// <summary>A block whose lines are centred vertically on <paramref name="at"/>.</summary>
    public static TextBlock Centred(IReadOnlyList<string> lines, Position at, double size, Rgb colour, TextAnchor anchor) =>
        new(lines, at with { Y = at.Y + size * (0.35 - (lines.Count - 1) * LineHeight / 2) }, size, colour, anchor);
}

/// <summary>Which point of a line of text is given.</summary>
internal enum TextAnchor
{
    /// <summary>Its beginning.</summary>
    Start,

    /// <summary>Its middle.</summary>
    Middle,

    /// <summary>Its end.</summary>
    End,
}
