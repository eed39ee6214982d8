using System.Globalization;
using System.Runtime.InteropServices;
using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>How a header says things, and what it may say.</summary>
internal static class HeaderWords
{
    private const int LongestText = 100, FewestDigits = 8;

    public static string Of(TicketKind kind) => kind switch
    {
        TicketKind.Recipe => "recipe",
        TicketKind.Trained => "trained",
        _ => "signed",
    };

    public static string Of(ValueFormat format) => format switch
    {
        ValueFormat.F32 => "f32",
        ValueFormat.F16 => "f16",
        _ => "i8",
    };

    public static TicketKind Kind(string word) => word switch
    {
        "recipe" => TicketKind.Recipe,
        "trained" => TicketKind.Trained,
        "signed" => TicketKind.Signed,
        _ => throw new FormatException($"its kind is '{Short(word)}', which is none of recipe, trained and signed"),
    };

    public static ValueFormat Format(string word) => word switch
    {
        "f32" => ValueFormat.F32,
        "f16" => ValueFormat.F16,
        "i8" => ValueFormat.I8,
        _ => throw new FormatException($"its values are '{Short(word)}', which is none of f32, f16 and i8"),
    };

    /// <summary>Eight hexadecimal digits, the bits of a single-precision number, for each number.</summary>
    public static string Of(PixelScale scale) => string.Concat(scale.Numbers.ToArray().Select(number =>
        BitConverter.SingleToUInt32Bits(number).ToString("x8", CultureInfo.InvariantCulture)));

    public static PixelScale Scale(string digits)
    {
        if (digits.Length % 8 != 0 || !IsHexadecimal(digits))
            throw new FormatException("its input scaling is not eight hexadecimal digits a number");
        float[] numbers = [.. digits.Chunk(8).Select(eight =>
            BitConverter.UInt32BitsToSingle(uint.Parse(eight, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)))];
        try
        {
            return new(ImmutableCollectionsMarshal.AsImmutableArray(numbers));
        }
        catch (ArgumentException)
        {
            throw new FormatException("its input scaling is not three finite numbers a channel");
        }
    }

    /// <summary>The 95 % interval to four decimals.</summary>
    public static (decimal Low, decimal High) Interval(MeasuredAccuracy measured)
    {
        const int Decimals = 10_000;
        (double low, double high) = measured.Interval;
        return (new decimal(Math.Round(low * Decimals)) / Decimals, new decimal(Math.Round(high * Decimals)) / Decimals);
    }

    /// <summary>What may be shown to people: not empty, not long, and nothing that moves a terminal's cursor.</summary>
    public static string Text(string key, string text) => text.Length is > 0 and <= LongestText && !text.Any(char.IsControl)
        ? text
        : throw new FormatException($"its {key} is not a text of 1 to {LongestText} letters without control characters");

    public static string Hash(string key, string text) => text.Length is >= FewestDigits and <= Provenance.Digits && IsHexadecimal(text)
        ? text
        : throw new FormatException($"its {key} is not {FewestDigits} to {Provenance.Digits} hexadecimal digits in lower case");

    /// <summary>The start of a stranger's word, for a sentence.</summary>
    public static string Short(string word)
    {
        string plain = new([.. word.Take(40).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
        return word.Length > 40 ? plain + "…" : plain;
    }

    private static bool IsHexadecimal(string text) => text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
}
