using System.Text;

namespace Lottery.Cli;

/// <summary>Where results, words and errors go, and whether someone is watching.</summary>
/// <param name="output">Takes results alone, so that they can be piped.</param>
/// <param name="error">Takes everything else.</param>
/// <param name="watched">True where <paramref name="error"/> is a screen on which a live view can be drawn.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool watched = false) : IDisposable
{
    /// <summary>Results.</summary>
    public TextWriter Out { get; } = output;

    /// <summary>Progress, advice and errors.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>True where a live view can be drawn.</summary>
    public bool Watched { get; } = watched;

    /// <summary>Letters in a line of the screen that results go to; null where they go elsewhere.</summary>
    public int? Width { get; init; }

    /// <summary>Signals that ask the process to stop.</summary>
    public Interruption Interruption { get; } = new();

    /// <summary>Standard output and standard error, in UTF-8 whatever the locale.</summary>
    public static Terminal OfProcess() => new(
        new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 14),
        new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true },
        watched: !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "" or null))
    {
        // A screen that does not tell its width says 0.
        Width = !Console.IsOutputRedirected && Console.WindowWidth is > 0 and var width ? width : null,
    };

    /// <summary>Writes one line for the person watching; where they cannot be reached the work goes on.</summary>
    public void Say(string line)
    {
        try
        {
            Error.WriteLine(line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Standard error is full or closed: there is nowhere left to say so.
        }
    }

    /// <summary>Makes sure that all results have gone out.</summary>
    /// <exception cref="UserException">They could not.</exception>
    public void Flush() => Guard(Out.Flush);

    /// <summary>The same where something else has failed already: what there is of the result goes out first, if it can.</summary>
    public void TryFlush()
    {
        try
        {
            Flush();
        }
        catch (UserException)
        {
            // The other failure is told, or this one was what failed.
        }
    }

    /// <summary>Writes a line of the result.</summary>
    /// <exception cref="UserException">It could not be written.</exception>
    public void WriteLine(string line = "") => Guard(() => Out.WriteLine(line));

    public void Dispose() => Interruption.Dispose();

    private static void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"Standard output could not be written ({exception.Message.TrimEnd('.')}): send it elsewhere, or make room.",
                1, exception);
        }
    }
}
