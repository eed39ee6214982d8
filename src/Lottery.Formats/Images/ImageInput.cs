using Lottery.Files;
using Lottery.Networks;

namespace Lottery.Formats.Images;

/// <summary>Reads one image as the input of a network.</summary>
public static class ImageInput
{
    /// <summary>
    /// Reads a PNG, JPEG or PGM file into <c>[channels, height, width]</c>; its size must be the network's. Colour is converted
    /// to grey for one input channel, and grey is copied to all three for three. A network with a flat input takes as many grey
    /// pixels as it has inputs, or a third as many in colour.
    /// </summary>
    /// <exception cref="UserException">The file cannot be read, or has another size.</exception>
    public static byte[] Read(string path, Shape input)
    {
        try
        {
            return Fit(path, InputFile.ReadAll(path, ImageFile.MaxFileLength), input);
        }
        catch (InvalidDataException wrong)
        {
            throw new UserException($"{path}: {wrong.Message}; save the image again as PNG, JPEG or PGM.", wrong);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read ({refusal.Message.TrimEnd('.')}); name a PNG, JPEG or PGM file.", refusal);
        }
    }

    private static byte[] Fit(string path, byte[] bytes, Shape input)
    {
        if (PgmFile.IsPgm(bytes))
        {
            (int rows, int columns, byte[] grey) = PgmFile.Read(bytes);
            int channels = Channels(path, input, rows, columns);
            return channels == 1 ? grey : [.. grey, .. grey, .. grey];
        }
        var file = new ImageFile(bytes);
        ImageFacts facts = file.Measure();
        var pixels = new byte[input.Count];
        file.Decode(pixels, Channels(path, input, facts.Height, facts.Width));
        return pixels;
    }

    private static int Channels(string path, Shape input, int height, int width)
    {
        long pixels = (long)height * width;
        foreach (int channels in (int[])[1, 3])
            if (input.IsFlat ? channels * pixels == input.Count : (input.Channels, input.Height, input.Width) == (channels, height, width))
                return channels;
        throw new UserException($"{path} is {height}×{width}, but the network takes {Describe(input)}: give an image of that size.");
    }

    private static string Describe(Shape input) => !input.IsFlat ? $"{input.Height}×{input.Width}"
        : Math.Sqrt(input.Count) is var grey && grey % 1 == 0 ? $"{grey}×{grey}"
        : Math.Sqrt(input.Count / 3.0) is var colour && colour % 1 == 0 ? $"{colour}×{colour} in colour"
        : $"{input.Count} pixels";
}
