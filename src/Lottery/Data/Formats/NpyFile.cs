using Lottery.Files;

namespace Lottery.Data.Formats;

/// <summary>Reads a NumPy <c>.npy</c> file. Lengths are checked before memory is allocated.</summary>
internal static class NpyFile
{
    /// <summary>Images or numeric features.</summary>
    /// <exception cref="UserException">It cannot be read, is damaged, or holds something else.</exception>
    public static ExampleValues Examples(string path, string advice) => Open(path, advice, NpyArrays.Examples);

    /// <summary>Labels.</summary>
    /// <inheritdoc cref="Examples"/>
    public static LabelValues Labels(string path, string advice) => Open(path, advice, NpyArrays.Labels);

    private static T Open<T>(string path, string advice, Func<Stream, NpyHeader, T> read)
    {
        try
        {
            using FileStream file = InputFile.Open(path);
            return NpyHeader.Read(file, file.Length, read);
        }
        catch (InvalidDataException exception)
        {
            throw new UserException($"{path}: {exception.Message}; {advice}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read ({exception.Message.TrimEnd('.')}); {advice}.", exception);
        }
    }
}
