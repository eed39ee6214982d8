using System.Collections.Immutable;
using System.Text;

namespace Lottery.Data;

/// <summary>What classes are called, from a text file with a name a line, in the order of the labels.</summary>
public static class ClassNames
{
    private const int LongestFile = 1 << 16, LongestName = 100;

    /// <summary>The names in a file; lines without any are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">How many there must be.</param>
    /// <param name="advice">What to do otherwise: the end of a sentence, without a full stop.</param>
    /// <exception cref="UserException">It cannot be read, or has other lines than that many short names.</exception>
    public static ImmutableArray<string> Read(string path, int classes, string advice)
    {
        ImmutableArray<string> names = [.. Text(path, advice).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        if (names.Length != classes || !names.All(IsName))
            throw new UserException($"{path}: expected the names of {classes} classes, one a line, found something else; {advice}.");
        return names;
    }

    /// <summary>Whether a text may stand in a table: neither empty nor long, and nothing that moves a terminal's cursor.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= LongestName && !text.Any(char.IsControl);

    private static string Text(string path, string advice)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            var bytes = new byte[Math.Min(file.Length, LongestFile)];
            file.ReadExactly(bytes);
            return Encoding.UTF8.GetString(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read ({exception.Message.TrimEnd('.')}); {advice}.", inner: exception);
        }
    }
}
