using System.Text.RegularExpressions;

namespace Lottery.Masks.Expressions;

/// <summary>Distinguishes expressions from misspelt criterion names, which can look alike: <c>wf-wi</c> and <c>larg-final</c>.</summary>
internal static partial class Spelling
{
    /// <summary>
    /// True unless <paramref name="text"/> is words joined by dashes that are not all known names; with one pair of
    /// parentheses after the words, unless it is close to one of <paramref name="names"/>.
    /// </summary>
    public static bool IsExpression(string text, IEnumerable<string> names)
    {
        string name = Registry.NameIn(text);
        if (!Joined().IsMatch(name) || name.Split('-').All(IsKnown)) return true;
        return name != text && Suggestion.Nearest(name, names) is null;
    }

    private static bool IsKnown(string word) => word.All(char.IsAsciiDigit) || Vocabulary.Words.Contains(word);

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*\z")]
    private static partial Regex Joined();
}
