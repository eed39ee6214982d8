using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lottery.Data;

/// <summary>
/// What a data set is, by its content: SHA-256, in lower-case hexadecimal, of three lines of UTF-8 text, each
/// ended by a line feed:
/// <code>
/// lottery/data/1
/// train COUNT CHANNELS HEIGHT WIDTH SHA256(pixels) SHA256(labels)
/// test COUNT CHANNELS HEIGHT WIDTH SHA256(pixels) SHA256(labels)
/// </code>
/// A validation set of its own is a line <c>validation</c> of the same form between them. Of numeric features the first line is
/// <c>lottery/features/1</c>, and in place of the pixels stand the values, as little-endian single-precision floats. Files, their names, their compression and where they lie do not enter it.
/// </summary>
internal static class ContentHash
{
    /// <summary>The hash of two parts.</summary>
    public static string Of(Examples train, Examples test) =>
        Of(Part.Of(train), null, Part.Of(test));

    /// <summary>The hash of a training part, a validation set of its own if there is one, and a test part.</summary>
    internal static string Of(Part train, Part? validation, Part test)
    {
        string kind = train.Examples.AreNumeric ? "features" : "data";
        return Hex(Encoding.UTF8.GetBytes(
            $"lottery/{kind}/1\n{Line("train", train)}{(validation is { } own ? Line("validation", own) : "")}{Line("test", test)}"));
    }

    internal static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Line(string name, Part part)
    {
        (int channels, int height, int width) = part.Examples.Shape;
        return string.Create(CultureInfo.InvariantCulture,
            $"{name} {part.Examples.Count} {channels} {height} {width} {part.Pixels} {part.Labels}\n");
    }

    /// <summary>A part and the hashes of its pixels or values and of its labels.</summary>
    internal readonly record struct Part(Examples Examples, string Pixels, string Labels)
    {
        public static Part Of(Examples examples) => new(examples, Hex(examples.Content), Hex(examples.Labels.Span));
    }
}
