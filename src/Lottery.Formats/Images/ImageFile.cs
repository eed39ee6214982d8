using StbImageSharp;

namespace Lottery.Formats.Images;

/// <summary>
/// One PNG or JPEG file. Before decoding, the file is checked to be complete and its dimensions to be reasonable, because the
/// decoder checks neither.
/// </summary>
/// <param name="bytes">The content of the file.</param>
/// <remarks>Transparency is ignored; of 16 bits per channel the upper eight are used, or those that the caller asks for.</remarks>
internal sealed class ImageFile(byte[] bytes)
{
    /// <summary>Maximum length of a file, in bytes.</summary>
    public const int MaxFileLength = 1 << 24;

    /// <summary>By how many bits values of 16 are shifted to bytes: the upper eight are used.</summary>
    public const int UpperBits = 8;

    private const int MaxSide = 4096;

    /// <summary>Size and kind.</summary>
    /// <exception cref="InvalidDataException">It is not a complete PNG or JPEG file; the message says what was expected.</exception>
    public ImageFacts Measure()
    {
        if (PngChunks.IsPng(bytes)) PngChunks.RequireWhole(bytes, MaxSide);
        else if (JpegMarkers.IsJpeg(bytes)) JpegMarkers.Length(bytes);
        else throw new InvalidDataException("expected a PNG or JPEG file, found something else");
        ImageInfo info = Decoded(() => ImageInfo.FromStream(new MemoryStream(bytes, writable: false)))
            ?? throw new InvalidDataException("its header is damaged");
        if (info.Width is < 1 or > MaxSide || info.Height is < 1 or > MaxSide)
            throw new InvalidDataException($"expected an image of at most {MaxSide:N0}×{MaxSide:N0}, found {info.Height:N0}×{info.Width:N0}");
        return new(info.Height, info.Width, info.ColorComponents is ColorComponents.Grey or ColorComponents.GreyAlpha,
            DeepPng.Is(bytes) ? Decoded(() => DeepPng.Read(bytes)).Largest : null);
    }

    /// <summary>Decodes the image into channels, rows and columns.</summary>
    /// <param name="target"><c>[channels, height, width]</c> with the dimensions that <see cref="Measure"/> returned.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="shift">By how many bits values of 16 are shifted to bytes.</param>
    /// <exception cref="InvalidDataException">It cannot be decoded.</exception>
    public void Decode(Span<byte> target, int channels, int shift = UpperBits)
    {
        byte[] values = shift != UpperBits && DeepPng.Is(bytes) ? Shifted(Decoded(() => DeepPng.Read(bytes)), channels, shift)
            : Decoded(() => ImageResult.FromMemory(bytes, channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue)).Data;
        if (values.Length != target.Length) throw new InvalidDataException("its header and its content differ in size");
        int area = target.Length / channels;
        for (int channel = 0; channel < channels; channel++)
            for (int pixel = 0; pixel < area; pixel++)
                target[channel * area + pixel] = values[pixel * channels + channel];
    }

    /// <summary>The bytes of values of 16 bits, <c>[pixels, channels]</c>; colour becomes grey by the weights that the decoder uses.</summary>
    private static byte[] Shifted(DeepPng image, int channels, int shift)
    {
        int pixels = image.Values.Length / image.Channels;
        var values = new byte[pixels * channels];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<ushort> pixel = image.Values.AsSpan(i / channels * image.Channels, image.Channels);
            int value = image.Channels < 3 ? pixel[0] : channels == 3 ? pixel[i % 3] : (77 * pixel[0] + 150 * pixel[1] + 29 * pixel[2]) >> 8;
            values[i] = (byte)(value >> shift);
        }
        return values;
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

/// <summary>What an image is, before it is decoded.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="IsGrey">Whether it has one channel, apart from transparency.</param>
/// <param name="Largest">The largest value, where values have 16 bits; null where they have fewer.</param>
internal readonly record struct ImageFacts(int Height, int Width, bool IsGrey, int? Largest = null);
