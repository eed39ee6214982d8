using System.Buffers;

namespace Lottery.Cli.Output;

/// <summary>
/// Text that may come from a file, made safe for a terminal: names of data sets, networks and folders could otherwise
/// move the cursor, change colors or ring the bell.
/// </summary>
internal static class Printable
{
    private static readonly SearchValues<char> s_control =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)]);

    /// <summary>
    /// <paramref name="text"/> with every control character replaced by its symbol (␛ for ESC), and line ends and tabs,
    /// which would break a table, by a space.
    /// </summary>
    public static string Of(string text) =>
        text.AsSpan().ContainsAny(s_control) ? string.Concat(text.Select(character => Of(character))) : text;

    /// <summary>The same for a document of several lines: line feeds stay.</summary>
    public static string Lines(string text) =>
        text.AsSpan().ContainsAny(s_control) ? string.Concat(text.Select(character => character == '\n' ? '\n' : Of(character))) : text;

    private static char Of(char character) => character switch
    {
        '\t' or '\n' or '\r' => ' ',
        < ' ' => (char)('\u2400' + character),
        '\u007F' => '\u2421',
        _ when char.IsControl(character) => '\uFFFD',
        _ => character,
    };
}
