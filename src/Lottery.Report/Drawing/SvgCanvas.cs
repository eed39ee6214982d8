using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Lottery.Report.Drawing;

/// <summary>Writes an image as SVG: it scales, its text can be selected, and its groups have names.</summary>
/// <param name="width">The width, in points.</param>
/// <param name="height">The height, in points.</param>
/// <param name="title">What it shows, for screen readers and for whoever opens the file.</param>
internal sealed class SvgCanvas(double width, double height, string title) : ICanvas
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _body = new();
    private int _clips;

    /// <inheritdoc/>
    public void Rectangle(Box box, Rgb fill) => _body.Append(
        CultureInfo.InvariantCulture, $"<rect x=\"{N(box.X)}\" y=\"{N(box.Y)}\" width=\"{N(box.Width)}\" height=\"{N(box.Height)}\" fill=\"{fill}\"/>\n");

    /// <inheritdoc/>
    public void Line(IReadOnlyList<Position> points, Stroke stroke) =>
        _body.Append(CultureInfo.InvariantCulture, $"<path d=\"{Path(points)}\" fill=\"none\"{Of(stroke)} stroke-linejoin=\"round\"/>\n");

    /// <inheritdoc/>
    public void Polygon(IReadOnlyList<Position> points, Rgb fill, double opacity = 1, Stroke? outline = null) =>
        _body.Append(CultureInfo.InvariantCulture, $"<path d=\"{Path(points)}z\" fill=\"{fill}\"{Opacity("fill", opacity)}{Of(outline)}/>\n");

    /// <inheritdoc/>
    public void Circle(Position centre, double radius, Rgb fill, Stroke? outline = null) =>
        _body.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{N(centre.X)}\" cy=\"{N(centre.Y)}\" r=\"{N(radius)}\" fill=\"{fill}\"{Of(outline)}/>\n");

    /// <inheritdoc/>
    public void Dots(IReadOnlyList<Position> points, double diameter, Rgb colour, double opacity, bool round)
    {
        if (points.Count == 0) return;
        // A line of no length with a cap is a dot: shorter than an element for each.
        _body.Append("<path d=\"").AppendJoin("", points.Select(point => $"M{N(point.X)} {N(point.Y)}h0"));
        _body.Append(CultureInfo.InvariantCulture,
            $"\" fill=\"none\"{Of(new(colour, diameter))} stroke-linecap=\"{(round ? "round" : "square")}\"{Opacity("stroke", opacity)}/>\n");
    }

    /// <inheritdoc/>
    public void Text(TextBlock text)
    {
        string anchor = text.Anchor switch { TextAnchor.Start => "", TextAnchor.Middle => " text-anchor=\"middle\"", _ => " text-anchor=\"end\"" };
        string place = text.IsVertical ? $"transform=\"translate({N(text.At.X)} {N(text.At.Y)}) rotate(-90)\"" : $"x=\"{N(text.At.X)}\" y=\"{N(text.At.Y)}\"";
        string x = text.IsVertical ? "0" : N(text.At.X);
        _body.Append(CultureInfo.InvariantCulture,
            $"<text {place} font-size=\"{N(text.Size)}\"{(text.IsBold ? " font-weight=\"bold\"" : "")} fill=\"{text.Colour}\"{anchor}>{s_encoder.Encode(text.Lines[0])}");
        // The space lets a search find words across lines; it is not drawn at a line's end.
        foreach (string line in text.Lines.Skip(1))
            _body.Append(CultureInfo.InvariantCulture, $" <tspan x=\"{x}\" dy=\"{N(text.Size * TextBlock.LineHeight)}\">{s_encoder.Encode(line)}</tspan>");
        _body.Append("</text>\n");
    }

    /// <inheritdoc/>
    public void Group(string name, Action draw, Box? clip = null)
    {
        if (clip is { } box)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<clipPath id=\"clip{++_clips}\">");
            Rectangle(box, Rgb.White);
            _body.Length--;
            _body.Append("</clipPath>\n");
        }
        _body.Append(CultureInfo.InvariantCulture, $"<g class=\"{name}\"{(clip is null ? "" : $" clip-path=\"url(#clip{_clips})\"")}>\n");
        draw();
        _body.Append("</g>\n");
    }

    /// <summary>The file.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{N(width)}pt" height="{N(height)}pt" viewBox="0 0 {N(width)} {N(height)}" font-family="{Families}" role="img">
        <title>{s_encoder.Encode(title)}</title>
        <g class="background">
        <rect width="{N(width)}" height="{N(height)}" fill="#ffffff"/>
        </g>
        {_body}</svg>

        """);

    private static string Families => string.Join(", ", Typeface.Fallbacks.Select(family => family.Contains(' ', StringComparison.Ordinal) ? $"'{family}'" : family));

    private static string Path(IReadOnlyList<Position> points) => "M" + string.Join('L', points.Select(point => $"{N(point.X)} {N(point.Y)}"));

    private static string Of(Stroke? stroke) => stroke is null ? ""
        : $" stroke=\"{stroke.Colour}\" stroke-width=\"{N(stroke.Width)}\""
            + (stroke.Dash is null ? "" : $" stroke-dasharray=\"{string.Join(' ', stroke.Dash.Select(N))}\"");

    private static string Opacity(string what, double opacity) => opacity < 1 ? $" {what}-opacity=\"{N(opacity)}\"" : "";

    private static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
