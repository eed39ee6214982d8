using System.Buffers;

namespace Lottery.Report.Tables;

/// <summary>
/// Text that may come from a file, made visible: names of data sets, networks and folders could otherwise hold characters that
/// control a terminal, are not allowed in HTML and XML, or turn the direction of the text around them.
/// </summary>
internal static class VisibleText
{
    private static readonly SearchValues<char> s_hidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(IsHidden)]);

    /// <summary>
    /// <paramref name="text"/> with every control character replaced by its symbol (␛ for ESC), and line ends and tabs by a
    /// space.
    /// </summary>
    public static string Of(string text) =>
        text.AsSpan().ContainsAny(s_hidden) ? string.Concat(text.Select(character => Of(character))) : text;

    /// <summary>The same for a text of several lines: line feeds stay.</summary>
    public static string Lines(string text) =>
        text.AsSpan().ContainsAny(s_hidden) ? string.Concat(text.Select(character => character == '\n' ? '\n' : Of(character))) : text;

    private static bool IsHidden(char character) => char.IsControl(character)
        || character is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF' or '\uFFFE' or '\uFFFF';

    private static char Of(char character) => character switch
    {
        '\t' or '\n' or '\r' => ' ',
        < ' ' => (char)('\u2400' + character),
        '\u007F' => '\u2421',
        _ when IsHidden(character) => '\uFFFD',
        _ => character,
    };
}
