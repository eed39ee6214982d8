using System.Globalization;
using System.Text;
using Lottery.Networks;

namespace Lottery.Samples;

/// <summary>Binary PGM and PPM images of 8 bits: <c>P5</c> or <c>P6</c>, columns, rows, 255, and the pixels.</summary>
internal static class PortableMap
{
    /// <summary>The bytes of an image as a network takes them: channel by channel, row by row.</summary>
    public static byte[] Read(string path, Shape shape)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read: {missing.Message}", 2);
        }
        int place = 0;
        string kind = Word(bytes, ref place);
        int channels = kind switch { "P5" => 1, "P6" => 3, _ => throw Wrong("is no binary PGM or PPM image") };
        if (!Number(out int columns) || !Number(out int rows) || !Number(out int most) || most != 255)
            throw Wrong("has no header of columns, rows and 255");
        if ((long)columns * rows * channels != shape.Count || (!shape.IsFlat && (channels, rows, columns) != (shape.Channels, shape.Height, shape.Width)))
            throw Wrong($"is {channels}x{rows}x{columns}, but the network takes {shape}");
        if (bytes.Length - place != shape.Count) throw Wrong($"has {bytes.Length - place} bytes of pixels instead of {shape.Count}");

        var pixels = new byte[shape.Count];
        for (int i = 0; i < pixels.Length; i++) pixels[i % channels * (rows * columns) + i / channels] = bytes[place + i];
        return pixels;

        bool Number(out int value) => int.TryParse(Word(bytes, ref place), NumberStyles.None, CultureInfo.InvariantCulture, out value);
        UserException Wrong(string what) => new($"{path} {what}.", 2);
    }

    /// <summary>The next word of the header, and the one blank behind it.</summary>
    private static string Word(byte[] bytes, ref int place)
    {
        int start = place;
        while (place < bytes.Length && !char.IsWhiteSpace((char)bytes[place])) place++;
        return Encoding.ASCII.GetString(bytes.AsSpan(start..Math.Min(bytes.Length, place++)));
    }
}
