using System.Collections.Immutable;
using System.Text;
using Lottery.Files;

namespace Lottery.Data.Formats;

/// <summary>Reads the names of classes from a text file: one a line, in the order of the labels.</summary>
internal static class ClassNames
{
    private const int MaxFileLength = 1 << 16, MaxNameLength = 100;

    /// <summary>The names in a file; empty lines are skipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">The expected number of names.</param>
    /// <param name="advice">What to do if the file is wrong: the end of a sentence, without a full stop.</param>
    /// <exception cref="UserException">The file cannot be read, or does not hold that many short names.</exception>
    public static ImmutableArray<string> Read(string path, int classes, string advice)
    {
        ImmutableArray<string> names = [.. Text(path, advice).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        if (names.Length != classes || !names.All(IsName))
            throw new UserException($"{path}: expected the names of {classes} classes, one a line, found something else; {advice}.");
        return names;
    }

    /// <summary>Whether a text may stand in a table: neither empty nor long, and nothing that moves a terminal's cursor.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= MaxNameLength && !text.Any(char.IsControl);

    private static string Text(string path, string advice)
    {
        try
        {
            using FileStream file = InputFile.Open(path);
            var bytes = new byte[Math.Min(file.Length, MaxFileLength)];
            file.ReadExactly(bytes);
            return Encoding.UTF8.GetString(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read ({exception.Message.TrimEnd('.')}); {advice}.", exception);
        }
    }
}
