namespace Lottery.Studies.Settings;

/// <summary>A command as it is typed into a shell.</summary>
internal static class ShellCommand
{
    /// <summary>The words of a command, joined by spaces; words with a meaning in a shell are quoted.</summary>
    public static string Write(params IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>A word as one word of a POSIX shell.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ',' or '=' or ':' or '/' or '@' or '+' or '%')
        ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
