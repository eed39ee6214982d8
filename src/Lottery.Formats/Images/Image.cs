using Lottery.Files;

namespace Lottery.Formats.Images;

/// <summary>An image file of a folder, and its class. Errors of the file are thrown as <see cref="UserException"/>.</summary>
internal sealed record Image(string Path, byte Label)
{
    /// <inheritdoc cref="ImageFile.Measure"/>
    public (int Height, int Width, bool IsGrey) Measure() => Open(file => file.Measure());

    /// <inheritdoc cref="ImageFile.Decode"/>
    public void Decode(Span<byte> target, int channels)
    {
        try
        {
            Open(file => file).Decode(target, channels);
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
