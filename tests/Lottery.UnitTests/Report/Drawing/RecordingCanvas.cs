using Lottery.Report.Drawing;

namespace Lottery.UnitTests.Report.Drawing;

/// <summary>Remembers where text and cells are.</summary>
internal sealed class RecordingCanvas : ICanvas
{
    private readonly Stack<string> _groups = [];

    public List<(string Text, Box Box)> Lines { get; } = [];

    public List<(string Group, Box Box, Rgb Fill)> Rectangles { get; } = [];

    public List<(string Group, Stroke Stroke)> Strokes { get; } = [];

    public void Rectangle(Box box, Rgb fill) => Rectangles.Add((_groups.Peek(), box, fill));

    public void Line(IReadOnlyList<Position> points, Stroke stroke) => Strokes.Add((_groups.Peek(), stroke));

    public void Polygon(IReadOnlyList<Position> points, Rgb fill, double opacity = 1, Stroke? outline = null)
    {
    }

    public void Circle(Position centre, double radius, Rgb fill, Stroke? outline = null)
    {
    }

    public void Dots(IReadOnlyList<Position> points, double diameter, Rgb colour, double opacity, bool round)
    {
    }

    public void Text(TextBlock text)
    {
        foreach ((int i, string line) in text.Lines.Index())
        {
            double width = Typeface.Measure(line, text.Size, text.IsBold), down = i * text.Size * TextBlock.LineHeight;
            double before = text.Anchor switch { TextAnchor.Start => 0, TextAnchor.Middle => width / 2, _ => width };
            double above = 0.73 * text.Size, height = 0.95 * text.Size;
            Lines.Add((line, text.IsVertical
                ? new(text.At.X + down - above, text.At.Y + before - width, height, width)
                : new(text.At.X - before, text.At.Y + down - above, width, height)));
        }
    }

    public void Group(string name, Action draw, Box? clip = null)
    {
        _groups.Push(name);
        draw();
        _groups.Pop();
    }
}
