using System.Text.RegularExpressions;

namespace Lottery.Cli.Searches;

/// <summary>Sentences in lines.</summary>
internal static partial class Wrapping
{
    private const int Width = 104;

    /// <summary>The lines of <paramref name="text"/>; a number keeps its unit, and an interval its ends.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        string line = "";
        foreach (Match word in Words().Matches(text))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word.Value : $"{line} {word.Value}";
        }
        yield return line;
    }

    [GeneratedRegex(@"(\[[^\]]*\]|[^ \[]| %)+")]
    private static partial Regex Words();
}
