namespace Lottery;

/// <summary>A failure to tell the user in one sentence: what was wrong, where, and what to do.</summary>
/// <param name="message">The sentence, with no stack trace needed to understand it.</param>
/// <param name="exitCode">2 where the request or a file given was wrong, 1 where the work could not be done.</param>
/// <param name="inner">What it came from, if anything.</param>
public class UserException(string message, int exitCode = 2, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
