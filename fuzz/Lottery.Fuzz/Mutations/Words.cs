using System.Text;
using System.Text.RegularExpressions;

namespace Lottery.Fuzz.Mutations;

/// <summary>What can be written in a text of keys and values (JSON, YAML, a network's description) that should not.</summary>
internal static partial class Words
{
    private const int MostLength = 1 << 17;

    private static readonly string[] s_values =
    [
        "0", "-1", "1", "007", "-0", "0.1", "1.5", "1e999", "1e-400", "NaN", "Infinity", "2147483647", "2147483648", "4294967296",
        "1000", "8000", "65536", "268435456", "268435457", "9223372036854775808", "99999999999999999999999999", "1_000", "0x10", "null", "true", "false", "~",
        "[]", "{}", "\"\"", "''", "\"a\"", "[1]", "{\"a\":1}", "\"\\ud800\"", "\"\\u0000\"", "\"\\n\"", "*a", "&a", "!!int", "---", "#", "?",
        "\0", "\n", "\r", "\t", "\u0085", "\u2028", "\u202e", "\ufeff", "\ud83c\udf9f", "|", ">", ":", ",", "-", "  ", "[", "]", "{", "}", "\"",
    ];

    /// <summary>The text after one to four mishaps.</summary>
    /// <param name="text">The text.</param>
    /// <param name="other">Another of the same kind, to take words and lines of.</param>
    /// <param name="dice">The random numbers.</param>
    /// <param name="known">Words that the kind knows.</param>
    public static string Mutate(string text, string other, Dice dice, params ReadOnlySpan<string> known)
    {
        for (int i = 1 + dice.Below(2) * dice.Below(4); i > 0; i--) text = Once(text, other, dice, known);
        return text.Length > MostLength ? text[..MostLength] : text;
    }

    private static string Once(string text, string other, Dice dice, ReadOnlySpan<string> known)
    {
        int kind = dice.Below(12);
        return kind switch
        {
            0 => Edit(text, NumberPattern(), dice, (_, dice) => s_values[dice.Below(27)]),
            1 => Edit(text, WordPattern(), dice, (_, dice) => dice.Of(s_values)),
            2 => Edit(text, WordPattern(), dice, (word, _) => word + word),
            3 => Edit(text, WordPattern(), dice, (_, _) => ""),
            4 => Edit(text, WordPattern(), dice, (_, dice) => Some(other, WordPattern(), dice)),
            5 when known.Length > 0 => Insert(text, known[dice.Below(known.Length)], dice),
            5 or 6 => Insert(text, dice.Of(s_values), dice),
            7 => Edit(text, LinePattern(), dice, (line, dice) => dice.OneIn(3) ? "" : dice.OneIn(2) ? line + line : line + Some(other, LinePattern(), dice)),
            8 => Edit(text, MemberPattern(), dice, (member, dice) => $"{member},{(dice.OneIn(2) ? member : Some(other, MemberPattern(), dice))}"),
            9 => Edit(text, WordPattern(), dice, Repeated),
            10 => Insert(text, Nested(dice), dice),
            _ => Edit(text, NumberPattern(), dice, (number, dice) => dice.OneIn(2) ? "-" + number : number + dice.Below(10)),
        };
    }

    /// <summary>The text with something else in place of one match.</summary>
    private static string Edit(string text, Regex pattern, Dice dice, Func<string, Dice, string> other)
    {
        MatchCollection matches = pattern.Matches(text);
        if (matches.Count == 0) return Insert(text, dice.Of(s_values), dice);
        Match match = matches[dice.Below(matches.Count)];
        return string.Concat(text.AsSpan(0, match.Index), other(match.Value, dice), text.AsSpan(match.Index + match.Length));
    }

    private static string Some(string text, Regex pattern, Dice dice)
    {
        MatchCollection matches = pattern.Matches(text);
        return matches.Count == 0 ? "" : matches[dice.Below(matches.Count)].Value;
    }

    private static string Insert(string text, string word, Dice dice) => text.Insert(dice.Below(text.Length + 1), word);

    private static string Repeated(string word, Dice dice) =>
        new StringBuilder().Insert(0, word, 1 + dice.Length(MostLength) / Math.Max(1, word.Length)).ToString();

    /// <summary>Lists in lists, or the like, up to very deep.</summary>
    private static string Nested(Dice dice)
    {
        string open = dice.Of("[", "{\"a\":", "{a: ", "[ ", "- ");
        return Repeated(open, dice);
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex NumberPattern();

    [GeneratedRegex("""[\w.-]+|"[^"]*"|[^\s\w]""")]
    private static partial Regex WordPattern();

    [GeneratedRegex(@"[^\n]*\n")]
    private static partial Regex LinePattern();

    [GeneratedRegex("""
        "[^"]*"\s*:\s*("[^"]*"|\d+|true)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex MemberPattern();
}
