using System.Globalization;

namespace Lottery;

/// <summary>
/// An error for the user, in one sentence: what was wrong, where, and what to do. The request or an input file is wrong, except for a
/// <see cref="WorkFailedException"/>.
/// </summary>
/// <remarks>
/// A message often quotes untrusted input. It is therefore reduced to one line without control characters (each becomes '?'),
/// and the middle of a very long one is omitted.
/// </remarks>
/// <param name="message">The sentence; it must be clear without a stack trace.</param>
/// <param name="inner">The cause, if any.</param>
public class UserException(string message, Exception? inner = null) : Exception(OneLine(message), inner)
{
    private const int MaxLength = 1_000;

    private static string OneLine(string message)
    {
        string plain = message.Any(IsControl) ? string.Concat(message.Select(c => IsControl(c) ? '?' : c)) : message;
        return plain.Length <= MaxLength ? plain : $"{plain[..(MaxLength / 2)]} … {plain[^(MaxLength / 2)..]}";
    }

    private static bool IsControl(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

/// <summary>The request is right, but the work could not be done: a full disk, a server without an answer, a training that diverged.</summary>
/// <param name="message">The sentence; it must be clear without a stack trace.</param>
/// <param name="inner">The cause, if any.</param>
public sealed class WorkFailedException(string message, Exception? inner = null) : UserException(message, inner);
