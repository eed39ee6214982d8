using System.Globalization;
using System.Text;
using Lottery.Networks;

namespace Lottery.Samples;

/// <summary>Binary PGM and PPM images of 8 bits: <c>P5</c> or <c>P6</c>, columns, rows, 255, and the pixels.</summary>
internal static class PortableMap
{
    /// <summary>Reads an image as the input of a network: <c>[channels, rows, columns]</c>.</summary>
    public static byte[] Read(string path, Shape shape)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read; name an existing PGM or PPM file.");
        }
        int offset = 0;
        string kind = Word(bytes, ref offset);
        int channels = kind switch { "P5" => 1, "P6" => 3, _ => throw Wrong("is not a binary PGM or PPM image") };
        if (!Number(out int columns) || !Number(out int rows) || !Number(out int maximum) || maximum != 255)
            throw Wrong("has no header of columns, rows and 255");
        if ((long)columns * rows * channels != shape.Count || (!shape.IsFlat && (channels, rows, columns) != (shape.Channels, shape.Height, shape.Width)))
            throw Wrong($"is {channels}x{rows}x{columns}, but the network takes {shape}");
        if (bytes.Length - offset != shape.Count) throw Wrong($"has {bytes.Length - offset} bytes of pixels instead of {shape.Count}");

        var pixels = new byte[shape.Count];
        for (int i = 0; i < pixels.Length; i++) pixels[i % channels * (rows * columns) + i / channels] = bytes[offset + i];
        return pixels;

        bool Number(out int value) => int.TryParse(Word(bytes, ref offset), NumberStyles.None, CultureInfo.InvariantCulture, out value);
        UserException Wrong(string what) => new($"{path} {what}.");
    }

    /// <summary>The next word of the header; skips the white-space character after it.</summary>
    private static string Word(byte[] bytes, ref int offset)
    {
        int start = offset;
        while (offset < bytes.Length && !char.IsWhiteSpace((char)bytes[offset])) offset++;
        return Encoding.ASCII.GetString(bytes.AsSpan(start..Math.Min(bytes.Length, offset++)));
    }
}
