using StbImageSharp;

namespace Lottery.Formats.Images;

/// <summary>
/// One PNG or JPEG file. The file is checked to be whole, and what it says of its size to be reasonable, before it is
/// decoded, because the decoder does neither.
/// </summary>
/// <param name="bytes">The whole file.</param>
/// <remarks>Transparency is left out, and of 16 bits a channel the upper eight are taken.</remarks>
internal sealed class ImageFile(byte[] bytes)
{
    /// <summary>No file may be longer than this, in bytes.</summary>
    public const int LongestFile = 1 << 24;

    private const int LargestSide = 4096;

    /// <summary>Height, width, and whether it is grey.</summary>
    /// <exception cref="InvalidDataException">It is no whole PNG or JPEG file; the message says what was expected.</exception>
    public (int Height, int Width, bool IsGrey) Measure()
    {
        if (PngChunks.IsPng(bytes)) PngChunks.RequireWhole(bytes, LargestSide);
        else RequireWholeJpeg();
        ImageInfo info = Decoded(() => ImageInfo.FromStream(new MemoryStream(bytes, writable: false)))
            ?? throw new InvalidDataException("its header is damaged");
        if (info.Width is < 1 or > LargestSide || info.Height is < 1 or > LargestSide)
            throw new InvalidDataException($"expected an image of at most {LargestSide:N0}×{LargestSide:N0}, found {info.Height:N0}×{info.Width:N0}");
        return (info.Height, info.Width, info.ColorComponents is ColorComponents.Grey or ColorComponents.GreyAlpha);
    }

    /// <summary>Writes the image channel by channel, row by row.</summary>
    /// <param name="target"><c>[channels, height, width]</c> of an image that has been measured.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <exception cref="InvalidDataException">It cannot be decoded.</exception>
    public void Decode(Span<byte> target, int channels)
    {
        ColorComponents wanted = channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue;
        byte[] values = Decoded(() => ImageResult.FromMemory(bytes, wanted)).Data;
        if (values.Length != target.Length) throw new InvalidDataException("its header and its content differ in size");
        int area = target.Length / channels;
        for (int channel = 0; channel < channels; channel++)
            for (int place = 0; place < area; place++)
                target[channel * area + place] = values[place * channels + channel];
    }

    /// <summary>It starts as JPEG files do and ends as they do; some writers add zeros.</summary>
    private void RequireWholeJpeg()
    {
        ReadOnlySpan<byte> content = bytes;
        if (!content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            throw new InvalidDataException("expected a PNG or JPEG file, found something else");
        if (!content.TrimEnd((byte)0).EndsWith((ReadOnlySpan<byte>)[0xFF, 0xD9]))
            throw new InvalidDataException("expected a JPEG file that ends with the bytes FF D9, found other ones: it is cut short, or something follows it");
    }

    // At damage the decoder throws whatever its arithmetic leads to, in words that say nothing of the image.
    private static T Decoded<T>(Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new InvalidDataException("its content is damaged and cannot be decoded", exception);
        }
    }
}
