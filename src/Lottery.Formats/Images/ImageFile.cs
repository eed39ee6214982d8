using StbImageSharp;

namespace Lottery.Formats.Images;

/// <summary>
/// One PNG or JPEG file. Before decoding, the file is checked to be complete and its dimensions to be reasonable, because the
/// decoder checks neither.
/// </summary>
/// <param name="bytes">The content of the file.</param>
/// <remarks>Transparency is ignored; of 16 bits per channel the upper eight are used.</remarks>
internal sealed class ImageFile(byte[] bytes)
{
    /// <summary>Maximum length of a file, in bytes.</summary>
    public const int MaxFileLength = 1 << 24;

    private const int MaxSide = 4096;

    /// <summary>Height and width in pixels, and whether the image is grey.</summary>
    /// <exception cref="InvalidDataException">It is not a complete PNG or JPEG file; the message says what was expected.</exception>
    public (int Height, int Width, bool IsGrey) Measure()
    {
        if (PngChunks.IsPng(bytes)) PngChunks.RequireWhole(bytes, MaxSide);
        else RequireWholeJpeg();
        ImageInfo info = Decoded(() => ImageInfo.FromStream(new MemoryStream(bytes, writable: false)))
            ?? throw new InvalidDataException("its header is damaged");
        if (info.Width is < 1 or > MaxSide || info.Height is < 1 or > MaxSide)
            throw new InvalidDataException($"expected an image of at most {MaxSide:N0}×{MaxSide:N0}, found {info.Height:N0}×{info.Width:N0}");
        return (info.Height, info.Width, info.ColorComponents is ColorComponents.Grey or ColorComponents.GreyAlpha);
    }

    /// <summary>Decodes the image into channels, rows and columns.</summary>
    /// <param name="target"><c>[channels, height, width]</c> with the dimensions that <see cref="Measure"/> returned.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <exception cref="InvalidDataException">It cannot be decoded.</exception>
    public void Decode(Span<byte> target, int channels)
    {
        ColorComponents wanted = channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue;
        byte[] values = Decoded(() => ImageResult.FromMemory(bytes, wanted)).Data;
        if (values.Length != target.Length) throw new InvalidDataException("its header and its content differ in size");
        int area = target.Length / channels;
        for (int channel = 0; channel < channels; channel++)
            for (int pixel = 0; pixel < area; pixel++)
                target[channel * area + pixel] = values[pixel * channels + channel];
    }

    /// <summary>Checks the start and end markers of a JPEG file; some writers add zeros at the end.</summary>
    private void RequireWholeJpeg()
    {
        ReadOnlySpan<byte> content = bytes;
        if (!content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            throw new InvalidDataException("expected a PNG or JPEG file, found something else");
        if (!content.TrimEnd((byte)0).EndsWith((ReadOnlySpan<byte>)[0xFF, 0xD9]))
            throw new InvalidDataException("expected a JPEG file that ends with the bytes FF D9, found others: the file is truncated, or something follows the image");
    }

    // For damaged input the decoder throws exceptions of any type, with messages that do not describe the image.
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
