using System.Globalization;

namespace Lottery;

/// <summary>An error for the user, in one sentence: what was wrong, where, and what to do.</summary>
/// <remarks>
/// A message often quotes untrusted input. It is therefore reduced to one line without control characters (each becomes '?'),
/// and the middle of a very long one is omitted.
/// </remarks>
/// <param name="message">The sentence; it must be clear without a stack trace.</param>
/// <param name="exitCode">2 if the request or an input file was wrong, 1 if the work could not be done.</param>
/// <param name="inner">The cause, if any.</param>
public class UserException(string message, int exitCode = 2, Exception? inner = null) : Exception(OneLine(message), inner)
{
    private const int MaxLength = 1_000;

    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; } = exitCode;

    private static string OneLine(string message)
    {
        string plain = message.Any(IsControl) ? string.Concat(message.Select(c => IsControl(c) ? '?' : c)) : message;
        return plain.Length <= MaxLength ? plain : $"{plain[..(MaxLength / 2)]} … {plain[^(MaxLength / 2)..]}";
    }

    private static bool IsControl(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
