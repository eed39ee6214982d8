namespace Lottery.Formats.Pictures;

/// <summary>A picture of a folder and its class; what is wrong with its file is told as a <see cref="UserException"/>.</summary>
internal sealed record Picture(string Path, byte Label)
{
    /// <inheritdoc cref="PictureFile.Measure"/>
    public (int Height, int Width, bool IsGrey) Measure() => Open(file => file.Measure());

    /// <inheritdoc cref="PictureFile.Decode"/>
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

    private T Open<T>(Func<PictureFile, T> use)
    {
        try
        {
            using FileStream file = File.OpenRead(Path);
            if (file.Length > PictureFile.LongestFile)
                throw new InvalidDataException($"expected at most {PictureFile.LongestFile:N0} bytes, found {file.Length:N0}");
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
            throw new UserException($"{Path} cannot be read ({exception.Message.TrimEnd('.')}); make it readable or take it out of the folder.", inner: exception);
        }
    }

    private UserException Wrong(InvalidDataException exception) =>
        new($"{Path}: {exception.Message}; save the picture again or take it out of the folder.", inner: exception);
}
