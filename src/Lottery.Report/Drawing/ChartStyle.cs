using System.Globalization;

namespace Lottery.Report.Drawing;

/// <summary>How large the image of a chart is, and its colours. Lengths are in points, 1/72 inch.</summary>
public sealed record ChartStyle
{
    /// <summary>The smallest width, in sizes of the text.</summary>
    private const double LeastEms = 24;

    /// <summary>The width of a chart in a page of the report.</summary>
    public const double StandardWidth = 570;

    /// <summary>The width; the height follows from what is drawn.</summary>
    public double Width { get; init; } = StandardWidth;

    /// <summary>The size of the text; lines and markers scale with it.</summary>
    public double FontSize { get; init; } = 9;

    /// <summary>The name of the colours: one of <see cref="Palettes"/>.</summary>
    public string Palette { get; init; } = Palettes[0];

    /// <summary>True to draw the chart's title into the image; papers have it in the caption.</summary>
    public bool HasTitle { get; init; }

    /// <summary>The names of all palettes, the default first.</summary>
    public static IReadOnlyList<string> Palettes { get; } = [.. Drawing.Palette.All.Select(palette => palette.Name)];

    /// <summary>Refuses sizes that nothing can be drawn in, and unknown palettes.</summary>
    /// <exception cref="UserException">The image is too narrow for its text, or one of them is too large.</exception>
    public void Check()
    {
        if (Width is not (>= 72 and <= 2880))
            throw new UserException($"A chart cannot be {Inches(Width)} wide: its width is 1 to 40 inches.");
        if (!(FontSize >= 3))
            throw new UserException($"A font size of {Points(FontSize)} cannot be read: use 3 or more.");
        if (FontSize > Width / LeastEms)
            throw new UserException($"A font size of {Points(FontSize)} is too large for a chart that is {Inches(Width)} wide: use {Points(Math.Floor(10 * Width / LeastEms) / 10)} or less.");
        Drawing.Palette.Find(Palette);
    }

    private static string Inches(double points) => string.Create(CultureInfo.InvariantCulture, $"{points / 72:0.##} inches");

    private static string Points(double points) => string.Create(CultureInfo.InvariantCulture, $"{points:0.##}");
}
