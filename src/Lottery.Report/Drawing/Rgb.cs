using System.Globalization;

namespace Lottery.Report.Drawing;

/// <summary>An opaque colour in sRGB.</summary>
/// <param name="R">Red, 0–255.</param>
/// <param name="G">Green, 0–255.</param>
/// <param name="B">Blue, 0–255.</param>
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>White.</summary>
    public static Rgb White { get; } = new(255, 255, 255);

    /// <summary>The relative luminance (WCAG 2), 0–1.</summary>
    public double Luminance => 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B);

    /// <summary>Reads <c>#0b61a8</c>.</summary>
    public static Rgb Parse(string hex)
    {
        int value = int.Parse(hex.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new((byte)(value >> 16), (byte)(value >> 8), (byte)value);
    }

    /// <summary>The colour between this one (0) and <paramref name="other"/> (1).</summary>
    public Rgb Mix(Rgb other, double at) => new(Mix(R, other.R, at), Mix(G, other.G, at), Mix(B, other.B, at));

    /// <summary>The contrast with <paramref name="other"/> (WCAG 2), 1–21.</summary>
    public double Contrast(Rgb other)
    {
        (double a, double b) = (Luminance + 0.05, other.Luminance + 0.05);
        return Math.Max(a, b) / Math.Min(a, b);
    }

    /// <summary><c>#0b61a8</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{R:x2}{G:x2}{B:x2}");

    /// <summary>The linear intensity, 0–1, of a channel.</summary>
    public static double Linear(byte channel)
    {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    private static byte Mix(byte from, byte to, double at) => (byte)Math.Round(from + (to - from) * at);
}
