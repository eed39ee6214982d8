using System.Text.RegularExpressions;
using Spectre.Console;

namespace Lottery.Cli.Tables;

/// <summary>
/// Breaks text into lines at the best place that fits: between words, but not within an interval, between a number and its
/// unit, between a mean and its interval, or within a command in back quotes. What is still too long breaks at weaker places
/// in turn: before an interval, between the words of a command, after a slash or a hyphen; anywhere as a last resort.
/// </summary>
internal static partial class WrappedText
{
    /// <summary>Stands for a space that must not be broken at.</summary>
    private const char Glue = '\uE000';

    /// <summary>How weak a place may be: the first is between words, the last within a word.</summary>
    private static readonly Func<string, IEnumerable<string>>[] s_breaks =
    [
        text => Words(text, Estimate()),
        text => Words(text, Interval()),
        text => Words(text, Unit()),
        text => Parts().Matches(text.Replace(Glue, ' ')).Select(part => part.Value),
    ];

    /// <summary>The width of the widest part that stays whole.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isStrict">Whether the text may be broken between words only.</param>
    public static int Least(string text, bool isStrict) => isStrict
        ? Width(s_breaks[0](text)) : Width(s_breaks[0](text).SelectMany(word => s_breaks[^2](word)).SelectMany(s_breaks[^1]));

    /// <summary>The lines of a text, none wider than <paramref name="width"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">At least 1.</param>
    /// <param name="isCut">Whether what cannot be broken ends in … instead of going on in the next line.</param>
    public static IEnumerable<string> Lines(string text, int width, bool isCut)
    {
        string line = "";
        foreach ((string part, bool isWord) in Fitting(text, width, isCut, level: 0))
        {
            string longer = line.Length == 0 ? part : isWord ? $"{line} {part}" : line + part;
            if (line.Length > 0 && CellWidth.Of(longer) > width)
            {
                yield return line;
                line = part;
            }
            else line = longer;
        }
        yield return line;
    }

    /// <summary>The parts of a text, each at most as wide as the screen, and whether a space was before each.</summary>
    private static IEnumerable<(string Part, bool IsWord)> Fitting(string text, int width, bool isCut, int level)
    {
        bool isFirst = true, areWords = level < s_breaks.Length - 1;
        foreach (string part in s_breaks[level](text))
        {
            bool isWord = areWords || isFirst;
            isFirst = false;
            if (CellWidth.Of(part) <= width) yield return (part.Replace(Glue, ' '), isWord);
            else if (level + 1 < s_breaks.Length)
            {
                bool first = true;
                foreach ((string inner, bool innerWord) in Fitting(part.Replace(Glue, ' '), width, isCut, level + 1))
                {
                    yield return (inner, first ? isWord : innerWord);
                    first = false;
                }
            }
            else if (isCut) yield return (Cut(part, width - 1) + "…", isWord);
            else
            {
                string rest = part;
                for (bool first = true; rest.Length > 0; first = false)
                {
                    string head = Cut(rest, width);
                    yield return (head, first && isWord);
                    rest = rest[head.Length..];
                }
            }
        }
    }

    /// <summary>As much of the beginning as fits; one character at least.</summary>
    private static string Cut(string text, int width)
    {
        int length = text.Length;
        while (length > 1 && CellWidth.Of(text[..length]) > width) length--;
        return length > 1 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }

    private static IEnumerable<string> Words(string text, Regex whole) =>
        whole.Replace(text, part => part.Value.Replace(' ', Glue)).Split(' ');

    private static int Width(IEnumerable<string> parts) => parts.Select(part => CellWidth.Of(part)).DefaultIfEmpty().Max();

    [GeneratedRegex(@"(?:^[* ] )?(?:\(?[+−]?[\d.]+ (?:points|%) |\S* )?\[[+−\d][^\[\]]*\]|`[^`]*`| %")]
    private static partial Regex Estimate();

    [GeneratedRegex(@"^[* ] \S+|\[[+−\d][^\[\]]*\]|`[^`]*`| %")]
    private static partial Regex Interval();

    [GeneratedRegex(@"^[* ] \S+|\[[+−\d][^\[\]]*\]| %")]
    private static partial Regex Unit();

    /// <summary>An interval, or what ends in a slash, a hyphen or the like; a sign before a number is no hyphen.</summary>
    [GeneratedRegex(@"\[[+−\d][^\[\]]*\]|[^/\\,;:|=\[\-]*(?:[/\\,;:|=]|(?<=\w)-(?=[A-Za-z])|-)|[^/\\,;:|=\[\-]+|.")]
    private static partial Regex Parts();
}
