namespace Lottery.Cli;

/// <summary>An exception as one sentence and an exit code.</summary>
internal static class Failure
{
    /// <summary>Tells <paramref name="exception"/>; with <paramref name="debug"/> where it came from, too.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(Exception exception, Terminal terminal, bool debug)
    {
        Exception cause = exception is AggregateException { InnerExceptions: [var first, ..] } ? first : exception;
        (string sentence, int exitCode) = cause switch
        {
            UserException wrong => (wrong.Message, wrong.ExitCode),
            OperationCanceledException => ("stopped.", terminal.Interruption.ExitCode),
            OutOfMemoryException => ("There is not enough memory: take fewer --jobs or a smaller network.", 1),
            IOException or UnauthorizedAccessException => ($"{cause.Message.TrimEnd('.')}.", 1),
            _ => ($"This is a fault of lottery itself ({cause.GetType().Name}: {cause.Message.TrimEnd('.')}); "
                + "--debug shows where.", 1),
        };
        terminal.TryFlush();
        terminal.Say($"lottery: {sentence.ReplaceLineEndings(" ")}");
        if (debug) terminal.Say(exception.ToString());
        return exitCode;
    }
}
