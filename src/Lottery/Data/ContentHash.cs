using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lottery.Data;

/// <summary>
/// What a data set is, told by its content. SHA-256, in lower-case hexadecimal, of three lines of UTF-8 text, each
/// ended by a line feed:
/// <code>
/// lottery/data/1
/// train COUNT CHANNELS HEIGHT WIDTH SHA256(pixels) SHA256(labels)
/// test COUNT CHANNELS HEIGHT WIDTH SHA256(pixels) SHA256(labels)
/// </code>
/// Files, their names, their compression and where they lie do not enter it.
/// </summary>
internal static class ContentHash
{
    /// <summary>The hash of two parts.</summary>
    public static string Of(Examples train, Examples test) =>
        Of(Part.Of(train), Part.Of(test));

    internal static string Of(Part train, Part test) =>
        Hex(Encoding.UTF8.GetBytes($"lottery/data/1\n{Line("train", train)}{Line("test", test)}"));

    internal static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Line(string name, Part part)
    {
        (int channels, int height, int width) = part.Examples.Shape;
        return string.Create(CultureInfo.InvariantCulture,
            $"{name} {part.Examples.Count} {channels} {height} {width} {part.Pixels} {part.Labels}\n");
    }

    /// <summary>A part and the hashes of its pixels and labels.</summary>
    internal readonly record struct Part(Examples Examples, string Pixels, string Labels)
    {
        public static Part Of(Examples examples) => new(examples, Hex(examples.Pixels.Span), Hex(examples.Labels.Span));
    }
}
