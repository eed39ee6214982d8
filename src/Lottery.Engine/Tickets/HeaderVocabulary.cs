using System.Globalization;
using System.Runtime.InteropServices;
using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>The words of a header, and the limits of its texts.</summary>
internal static class HeaderVocabulary
{
    private const int MaxTextLength = 100, MinDigits = 8;

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
        _ => throw new FormatException($"its kind is '{Short(word)}', which is not recipe, trained or signed"),
    };

    public static ValueFormat Format(string word) => word switch
    {
        "f32" => ValueFormat.F32,
        "f16" => ValueFormat.F16,
        "i8" => ValueFormat.I8,
        _ => throw new FormatException($"its values are '{Short(word)}', which is not f32, f16 or i8"),
    };

    /// <summary>Eight hexadecimal digits for each number: the bits of a single-precision float.</summary>
    public static string Of(PixelScale scale) => string.Concat(scale.Numbers.ToArray().Select(number =>
        BitConverter.SingleToUInt32Bits(number).ToString("x8", CultureInfo.InvariantCulture)));

    public static PixelScale Scale(string digits)
    {
        if (digits.Length % 8 != 0 || !IsHexadecimal(digits))
            throw new FormatException("its input scaling is not eight hexadecimal digits for each number");
        float[] numbers = [.. digits.Chunk(8).Select(eight =>
            BitConverter.UInt32BitsToSingle(uint.Parse(eight, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)))];
        try
        {
            return new(ImmutableCollectionsMarshal.AsImmutableArray(numbers));
        }
        catch (ArgumentException)
        {
            throw new FormatException("its input scaling is not three finite numbers for each channel");
        }
    }

    /// <summary>The 95 % interval, rounded to four decimals.</summary>
    public static (decimal Low, decimal High) Interval(MeasuredAccuracy measured)
    {
        const int Decimals = 10_000;
        (double low, double high) = measured.Interval;
        return (new decimal(Math.Round(low * Decimals)) / Decimals, new decimal(Math.Round(high * Decimals)) / Decimals);
    }

    /// <summary>Checks a text that is shown to users: not empty, not long, no control characters.</summary>
    public static string Text(string key, string text) => text.Length is > 0 and <= MaxTextLength && !text.Any(char.IsControl)
        ? text
        : throw new FormatException($"its {key} is not a text of 1 to {MaxTextLength} characters without control characters");

    public static string Hash(string key, string text) => text.Length is >= MinDigits and <= Provenance.Digits && IsHexadecimal(text)
        ? text
        : throw new FormatException($"its {key} is not {MinDigits} to {Provenance.Digits} hexadecimal digits in lower case");

    /// <summary>The start of an untrusted word, safe to quote in a message.</summary>
    public static string Short(string word)
    {
        string plain = new([.. word.Take(40).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
        return word.Length > 40 ? plain + "…" : plain;
    }

    private static bool IsHexadecimal(string text) => text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));
}
