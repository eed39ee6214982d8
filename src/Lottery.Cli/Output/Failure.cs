

namespace Lottery.Cli.Output;

/// <summary>Reports an exception as one sentence and an exit code.</summary>
internal static class Failure
{
    /// <summary>Writes <paramref name="exception"/> to standard error; with <paramref name="debug"/> its stack trace, too.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(Exception exception, Terminal terminal, bool debug)
    {
        Exception cause = exception is AggregateException { InnerExceptions: [var first, ..] } ? first : exception;
        (string sentence, int exitCode) = cause switch
        {
            StoppedException or OperationCanceledException => (cause is StoppedException ? cause.Message : "stopped.", terminal.Interruption.ExitCode),
            WorkFailedException => (cause.Message, 1),
            UserException => (cause.Message, 2),
            OutOfMemoryException => ("There is not enough memory: use fewer --jobs or a smaller network.", 1),
            IOException or UnauthorizedAccessException => ($"{cause.Message.TrimEnd('.')}.", 1),
            _ => ($"This is a bug in lottery ({cause.GetType().Name}: {cause.Message.TrimEnd('.')}); "
                + "run the command again with --debug to see where.", 1),
        };
        terminal.TryFlush();
        terminal.Say($"lottery: {sentence.ReplaceLineEndings(" ")}");
        if (debug) terminal.Say(exception);
        return exitCode;
    }
}

/// <summary>The user stopped a command whose work is kept; the sentence says how to go on.</summary>
internal sealed class StoppedException(string message) : UserException(message);
