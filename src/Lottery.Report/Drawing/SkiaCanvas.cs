using SkiaSharp;

namespace Lottery.Report.Drawing;

/// <summary>Draws an image with Skia: pixels for PNG, a page for PDF.</summary>
/// <param name="canvas">Skia's canvas, scaled so that a unit is a point.</param>
/// <param name="face">The font, regular or bold.</param>
internal sealed class SkiaCanvas(SKCanvas canvas, Func<bool, SKTypeface> face) : ICanvas
{
    /// <inheritdoc/>
    public void Rectangle(Box box, Rgb fill)
    {
        // Without anti-aliasing, neighbours meet at a pixel and leave no seam.
        using var paint = new SKPaint { Color = Of(fill), IsAntialias = false };
        canvas.DrawRect((float)box.X, (float)box.Y, (float)box.Width, (float)box.Height, paint);
    }

    /// <inheritdoc/>
    public void Line(IReadOnlyList<Position> points, Stroke stroke)
    {
        using SKPath path = Path(points, close: false);
        Draw(path, stroke);
    }

    /// <inheritdoc/>
    public void Polygon(IReadOnlyList<Position> points, Rgb fill, double opacity = 1, Stroke? outline = null)
    {
        using SKPath path = Path(points, close: true);
        using SKPaint paint = Filled(fill, opacity);
        canvas.DrawPath(path, paint);
        if (outline is not null) Draw(path, outline);
    }

    /// <inheritdoc/>
    public void Circle(Position centre, double radius, Rgb fill, Stroke? outline = null)
    {
        using var path = new SKPath();
        path.AddCircle((float)centre.X, (float)centre.Y, (float)radius);
        using SKPaint paint = Filled(fill, opacity: 1);
        canvas.DrawPath(path, paint);
        if (outline is not null) Draw(path, outline);
    }

    /// <inheritdoc/>
    public void Dots(IReadOnlyList<Position> points, double diameter, Rgb colour, double opacity, bool round)
    {
        using SKPaint paint = Filled(colour, opacity);
        (paint.IsStroke, paint.StrokeWidth, paint.StrokeCap) = (true, (float)diameter, round ? SKStrokeCap.Round : SKStrokeCap.Square);
        canvas.DrawPoints(SKPointMode.Points, [.. points.Select(Of)], paint);
    }

    /// <inheritdoc/>
    public void Text(TextBlock text)
    {
        using SKFont font = Typeface.Font(face(text.IsBold), text.Size);
        using SKPaint paint = Filled(text.Colour, opacity: 1);
        SKTextAlign align = text.Anchor switch { TextAnchor.Start => SKTextAlign.Left, TextAnchor.Middle => SKTextAlign.Center, _ => SKTextAlign.Right };
        canvas.Save();
        canvas.Translate((float)text.At.X, (float)text.At.Y);
        if (text.IsVertical) canvas.RotateDegrees(-90);
        foreach ((int i, string line) in text.Lines.Index())
            canvas.DrawText(line, 0, (float)(i * text.Size * TextBlock.LineHeight), align, font, paint);
        canvas.Restore();
    }

    /// <inheritdoc/>
    public void Group(string name, Action draw, Box? clip = null)
    {
        canvas.Save();
        if (clip is { } box) canvas.ClipRect(SKRect.Create((float)box.X, (float)box.Y, (float)box.Width, (float)box.Height));
        draw();
        canvas.Restore();
    }

    private void Draw(SKPath path, Stroke stroke)
    {
        using SKPaint paint = Filled(stroke.Colour, opacity: 1);
        (paint.IsStroke, paint.StrokeWidth, paint.StrokeJoin) = (true, (float)stroke.Width, SKStrokeJoin.Round);
        using SKPathEffect? dash = stroke.Dash is null ? null : SKPathEffect.CreateDash([.. stroke.Dash.Select(length => (float)length)], 0);
        paint.PathEffect = dash;
        canvas.DrawPath(path, paint);
    }

    private static SKPath Path(IReadOnlyList<Position> points, bool close)
    {
        var path = new SKPath();
        path.AddPoly([.. points.Select(Of)], close);
        return path;
    }

    private static SKPaint Filled(Rgb colour, double opacity) => new() { Color = Of(colour).WithAlpha((byte)Math.Round(255 * opacity)), IsAntialias = true };

    private static SKPoint Of(Position point) => new((float)point.X, (float)point.Y);

    private static SKColor Of(Rgb colour) => new(colour.R, colour.G, colour.B);
}
