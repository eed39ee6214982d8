using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lottery.Cli.Output;

/// <summary>Reports an exception as one sentence and an exit code.</summary>
internal static class Failure
{
    private static readonly JsonSerializerOptions s_line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes <paramref name="exception"/> to standard error, with <paramref name="json"/> as a JSON object in one line;
    /// with <paramref name="debug"/> its stack trace, too.
    /// </summary>
    /// <returns>The exit code.</returns>
    public static int Report(Exception exception, Terminal terminal, bool debug, bool json = false)
    {
        Exception cause = exception is AggregateException { InnerExceptions: [var first, ..] } ? first : exception;
        (string kind, string sentence, int exitCode) = cause switch
        {
            StoppedException or OperationCanceledException => ("stopped", cause is StoppedException ? cause.Message : "stopped.", terminal.Interruption.ExitCode),
            WorkFailedException => ("failed", cause.Message, 1),
            UserException => ("request", cause.Message, 2),
            OutOfMemoryException => ("failed", "There is not enough memory: use fewer --jobs or a smaller network.", 1),
            IOException or UnauthorizedAccessException => ("failed", $"{cause.Message.TrimEnd('.')}.", 1),
            _ => ("bug", $"This is a bug in lottery ({cause.GetType().Name}: {cause.Message.TrimEnd('.')}); "
                + "run the command again with --debug to see where.", 1),
        };
        terminal.TryFlush();
        sentence = sentence.ReplaceLineEndings(" ");
        if (json) terminal.SayLine(Document(kind, terminal.Hints.In(sentence), exitCode, debug ? exception : null));
        else
        {
            terminal.Say($"lottery: {sentence}");
            if (debug) terminal.Say(exception);
        }
        return exitCode;
    }

    private static string Document(string kind, string sentence, int exitCode, Exception? exception)
    {
        JsonObject error = new() { ["kind"] = kind, ["message"] = sentence, ["exit_code"] = exitCode };
        if (exception is not null) error["trace"] = exception.ToString();
        return new JsonObject { ["error"] = error }.ToJsonString(s_line);
    }
}

/// <summary>The user stopped a command whose work is kept; the sentence says how to go on.</summary>
internal sealed class StoppedException(string message) : UserException(message);
