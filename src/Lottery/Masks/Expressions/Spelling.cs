using System.Text.RegularExpressions;

namespace Lottery.Masks.Expressions;

/// <summary>Tells expressions from misspelt names, which may look alike: <c>wf-wi</c> and <c>larg-final</c>.</summary>
internal static partial class Spelling
{
    /// <summary>
    /// True unless <paramref name="text"/> is words joined by dashes that expressions do not all know; with one pair of
    /// parentheses after the words, unless one of <paramref name="names"/> is near as well.
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
