using Lottery.Files;

namespace Lottery.Formats.Images;

/// <summary>An image file of a folder, and its class. Errors of the file are thrown as <see cref="UserException"/>.</summary>
internal sealed record Image(string Path, byte Label)
{
    /// <inheritdoc cref="ImageFile.Measure"/>
    public ImageFacts Measure() => Open(file => file.Measure());

    /// <summary>Decodes the image and resizes it to the target's size.</summary>
    /// <param name="target"><c>[channels, height, width]</c>.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="size">Height and width of the target; null for the image's own.</param>
    /// <param name="shift">By how many bits values of 16 are shifted to bytes.</param>
    public void Decode(Span<byte> target, int channels, (int Height, int Width)? size, int shift)
    {
        ImageFile file = Open(file => file);
        try
        {
            if (size is not { } to)
            {
                file.Decode(target, channels, shift);
                return;
            }
            ImageFacts own = file.Measure();
            var planes = new byte[channels * own.Height * own.Width];
            file.Decode(planes, channels, shift);
            ImageResizer.Resize(planes, (own.Height, own.Width), target, to);
        }
        catch (InvalidDataException exception)
        {
            throw Wrong(exception);
        }
    }

    private T Open<T>(Func<ImageFile, T> use)
    {
        try
        {
            using FileStream file = InputFile.Open(Path);
            if (file.Length > ImageFile.MaxFileLength)
                throw new InvalidDataException($"expected at most {ImageFile.MaxFileLength:N0} bytes, found {file.Length:N0}");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return use(new(bytes));
        }
        catch (InvalidDataException exception)
        {
            throw Wrong(exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{Path} cannot be read ({exception.Message.TrimEnd('.')}); make it readable, or remove it from the folder.", exception);
        }
    }

    private UserException Wrong(InvalidDataException exception) =>
        new($"{Path}: {exception.Message}; save the image again, or remove it from the folder.", inner: exception);
}
