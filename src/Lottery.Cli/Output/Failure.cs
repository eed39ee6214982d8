

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
            UserException wrong => (wrong.Message, wrong.ExitCode),
            OperationCanceledException => ("stopped.", terminal.Interruption.ExitCode),
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
