using System.Text;
using Lottery.Cli.Tables;
using Lottery.Data;

namespace Lottery.Cli.Output;

/// <summary>Standard output and standard error, and whether they are a screen.</summary>
/// <param name="output">Receives results and nothing else, so that they can be piped.</param>
/// <param name="error">Receives progress, advice and errors.</param>
/// <param name="watched">True if <paramref name="error"/> is a screen that a live view can be drawn on.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool watched = false) : IDisposable
{
    private readonly HashSet<string> _said = [];

    /// <summary>Receives results.</summary>
    public TextWriter Out { get; } = output;

    /// <summary>Receives progress, advice and errors.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>True if a live view can be drawn.</summary>
    public bool Watched { get; } = watched;

    /// <summary>
    /// Columns of the screen that results are written to, at least 40; null if they go to a file or a pipe, where tables
    /// keep one line a row.
    /// </summary>
    public int? Width { get; init; }

    /// <summary>Columns of the screen that advice and errors are written to; null if they go to a file or a pipe.</summary>
    public int? ErrorWidth { get; init; }

    /// <summary>Makes the commands in sentences ones that can be pasted.</summary>
    public Hints Hints { get; init; } = new();

    /// <summary>While a live view is drawn: receives the sentences that would tear it.</summary>
    public Action<string>? Above { get; set; }

    /// <summary>Signals that ask the process to stop.</summary>
    public Interruption Interruption { get; } = new();

    /// <summary>Standard output and standard error of the process, in UTF-8 in every locale.</summary>
    public static Terminal OfProcess()
    {
        var utf8 = new UTF8Encoding(false);
        // Windows decodes what a screen receives by the console's code page, and sets no TERM.
        if (OperatingSystem.IsWindows() && !(Console.IsOutputRedirected && Console.IsErrorRedirected)) Console.OutputEncoding = utf8;
        string? kind = Environment.GetEnvironmentVariable("TERM") ?? (OperatingSystem.IsWindows() ? "windows" : null);
        return new(
            new StreamWriter(Console.OpenStandardOutput(), utf8, 1 << 14) { NewLine = "\n" },
            new StreamWriter(Console.OpenStandardError(), utf8) { NewLine = "\n", AutoFlush = true },
            watched: !Console.IsErrorRedirected && kind is not ("dumb" or "" or null))
        {
            Width = Console.IsOutputRedirected ? null : Columns(),
            ErrorWidth = Console.IsErrorRedirected ? null : Columns(),
            Hints = Hints.OfProcess(),
        };
    }

    /// <summary>
    /// Writes a sentence to standard error, wrapped between words where that is a screen; if it cannot be written, the work
    /// continues.
    /// </summary>
    public void Say(string sentence)
    {
        if (Above is { } above) above(sentence);
        else foreach (string line in TextTable.Sentence(Hints.In(sentence), ErrorWidth)) SayLine(line);
    }

    /// <summary>Writes one line to standard error as it is.</summary>
    public void SayLine(string line)
    {
        try
        {
            Error.WriteLine(Printable.Of(line));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Standard error is full or closed: the failure cannot be reported anywhere.
        }
    }

    /// <summary>Writes one line to standard error unless it was written before, as the warnings of a store that is read twice.</summary>
    public void SayOnce(string line)
    {
        lock (_said)
            if (!_said.Add(line)) return;
        Say(line);
    }

    /// <summary>Writes once what was done to the files of a data set to read them.</summary>
    public void SayNotes(Dataset data)
    {
        foreach (string note in data.Notes) SayOnce($"{char.ToUpperInvariant(note[0])}{note[1..]}.");
    }

    /// <summary>Writes a stack trace to standard error.</summary>
    public void Say(Exception exception)
    {
        foreach (string line in exception.ToString().Split('\n')) SayLine(line.TrimEnd('\r'));
    }

    /// <summary>Flushes standard output.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Flush() => Guard(Out.Flush);

    /// <summary>Flushes standard output after another failure, if that is possible.</summary>
    public void TryFlush()
    {
        try
        {
            Flush();
        }
        catch (UserException)
        {
            // The other failure is reported, or is this one.
        }
    }

    /// <summary>Writes a line or a document of the result; control characters are replaced by visible symbols.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void WriteLine(string text = "") => Guard(() => Out.WriteLine(Printable.Lines(text)));

    /// <summary>Writes a line of data for other programs: unchanged, except on a screen.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void WriteData(string line) => Guard(() => Out.WriteLine(Width is null ? line : Printable.Lines(line)));

    public void Dispose() => Interruption.Dispose();

    /// <summary>The width of the screen; a screen of unknown width reports 0.</summary>
    private static int? Columns()
    {
        const int Narrowest = 40;
        return Console.WindowWidth is > 0 and var width ? Math.Max(width, Narrowest) : null;
    }

    private static void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException(
                $"Standard output cannot be written ({exception.Message.TrimEnd('.')}): redirect it elsewhere, or free some space.", exception);
        }
    }
}
