using System.Globalization;

namespace Lottery.Cli.Options;

/// <summary>Lengths on paper: a number and its unit.</summary>
internal static class Length
{
    private static readonly (string Unit, double Points)[] s_units = [("in", 72), ("cm", 72 / 2.54), ("mm", 7.2 / 2.54), ("pt", 1), ("px", 0.75)];

    /// <summary>Reads <c>3.25in</c>, <c>8cm</c>, <c>80mm</c>, <c>234pt</c> or <c>312px</c> (96 an inch).</summary>
    /// <param name="text">The text.</param>
    /// <param name="points">The length in points, more than 0.</param>
    public static bool TryParse(string text, out double points)
    {
        points = 0;
        foreach ((string unit, double size) in s_units)
            if (text.EndsWith(unit, StringComparison.Ordinal) && TryNumber(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), out double number))
                points = number * size;
        return points > 0;
    }

    /// <summary>Reads a size of text: <c>8</c> or <c>8pt</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="points">The size in points, more than 0.</param>
    public static bool TrySize(string text, out double points) => TryNumber(text, out points) && points > 0 || TryParse(text, out points);

    private static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
