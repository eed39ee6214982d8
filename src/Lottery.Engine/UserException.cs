using System.Globalization;

namespace Lottery;

/// <summary>A failure to tell the user in one sentence: what was wrong, where, and what to do.</summary>
/// <remarks>
/// A sentence often names what a stranger's file says. Here it becomes one line that a terminal only shows: what would move the
/// cursor is a '?', and of a very long one the middle is left out.
/// </remarks>
/// <param name="message">The sentence, with no stack trace needed to understand it.</param>
/// <param name="exitCode">2 where the request or a file given was wrong, 1 where the work could not be done.</param>
/// <param name="inner">What it came from, if anything.</param>
public class UserException(string message, int exitCode = 2, Exception? inner = null) : Exception(OneLine(message), inner)
{
    private const int Longest = 1_000;

    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; } = exitCode;

    private static string OneLine(string message)
    {
        string plain = message.Any(IsUnfit) ? string.Concat(message.Select(c => IsUnfit(c) ? '?' : c)) : message;
        return plain.Length <= Longest ? plain : $"{plain[..(Longest / 2)]} … {plain[^(Longest / 2)..]}";
    }

    private static bool IsUnfit(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
