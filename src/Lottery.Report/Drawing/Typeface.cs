using System.Collections.Concurrent;
using SkiaSharp;

namespace Lottery.Report.Drawing;

/// <summary>The font of images: measures text, and breaks it into lines.</summary>
internal static class Typeface
{
    private static readonly string[] s_families =
        ["Inter", "Helvetica Neue", "Segoe UI", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans"];

    private static readonly ConcurrentDictionary<bool, SKTypeface> s_faces = [];

    /// <summary>The first installed font of a list of sans-serif fonts.</summary>
    public static string Family { get; } =
        s_families.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains) ?? SKTypeface.Default.FamilyName;

    /// <summary>The fonts that an SVG file names: the one that was measured, then those that look like it.</summary>
    public static IEnumerable<string> Fallbacks => s_families.Prepend(Family).Distinct().Append("sans-serif");

    /// <summary>The font, regular or bold.</summary>
    public static SKTypeface Face(bool bold) =>
        s_faces.GetOrAdd(bold, isBold => SKTypeface.FromFamilyName(Family, isBold ? SKFontStyle.Bold : SKFontStyle.Normal));

    /// <summary>A font in a size, as it is measured and drawn.</summary>
    public static SKFont Font(SKTypeface face, double size) =>
        new(face, (float)size) { Subpixel = true, Hinting = SKFontHinting.None, Edging = SKFontEdging.Antialias };

    /// <summary>The width of a line of text.</summary>
    public static double Measure(string text, double size, bool bold = false)
    {
        using SKFont font = Font(Face(bold), size);
        return font.MeasureText(text);
    }

    /// <summary>The width of the widest line.</summary>
    public static double Measure(IEnumerable<string> lines, double size) => lines.Select(line => Measure(line, size)).DefaultIfEmpty(0).Max();

    /// <summary>
    /// Text as lines of at most <paramref name="width"/>: broken at spaces, in a word that is wider after its hyphens, and
    /// inside what is still wider.
    /// </summary>
    public static IReadOnlyList<string> Wrap(string text, double width, double size, bool bold = false)
    {
        var lines = new List<string> { "" };
        foreach (string word in Words(text))
            foreach (string piece in Fits(word) ? [word] : AfterHyphens(word).SelectMany(part => Fits(part) ? [part] : Fitting(part, width, size, bold)))
                if (lines[^1].Length == 0 || Fits(lines[^1] + piece)) lines[^1] += piece;
                else lines.Add(piece);
        return [.. lines.Select(line => line.TrimEnd())];

        bool Fits(string part) => Measure(part.TrimEnd(), size, bold) <= width;
    }

    /// <summary>The width of the widest part that <see cref="Wrap"/> keeps on one line if it can.</summary>
    public static double WidestPiece(string text, double size) => Words(text).SelectMany(AfterHyphens).Select(piece => Measure(piece.TrimEnd(), size)).DefaultIfEmpty(0).Max();

    /// <summary>Words with the space that follows them; a number stays with its percent sign.</summary>
    private static IEnumerable<string> Words(string text) => Split(text, i => text[i] == ' ' && text[i + 1] != '%');

    private static IEnumerable<string> AfterHyphens(string word) => Split(word, i => i > 0 && word[i] == '-' && char.IsLetter(word[i - 1]));

    private static IEnumerable<string> Split(string text, Func<int, bool> endsAt)
    {
        int start = 0;
        for (int i = 0; i < text.Length - 1; i++)
        {
            if (!endsAt(i)) continue;
            yield return text[start..(i + 1)];
            start = i + 1;
        }
        yield return text[start..];
    }

    private static IEnumerable<string> Fitting(string piece, double width, double size, bool bold)
    {
        while (piece.Length > 1 && Measure(piece.TrimEnd(), size, bold) > width)
        {
            int length = piece.Length - 1;
            while (length > 1 && Measure(piece[..length], size, bold) > width) length--;
            yield return piece[..length];
            piece = piece[length..];
        }
        yield return piece;
    }
}
