using System.CommandLine;
using System.Globalization;

namespace Lottery.Cli.Options;

/// <summary>The option <c>--level</c> of commands that read pruned runs.</summary>
internal static class LevelList
{
    /// <summary>The option.</summary>
    /// <param name="description">A sentence for the help.</param>
    public static Option<string?> Option(string description) => new("--level") { Description = description, HelpName = "LEVEL,…" };

    /// <summary>The levels that the command line states; none by default.</summary>
    /// <exception cref="UserException">One is not the number of a pruned level.</exception>
    public static int[] Of(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } list ? [] : [.. list.Split(',').Select(Level)];

    private static int Level(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int level) && level > 0 ? level
        : throw new UserException($"--level {text}: give the numbers of pruned levels, as in 3,7.");
}
