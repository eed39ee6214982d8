using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Studies.Files;
using Lottery.Studies.Settings;

namespace Lottery.Cli.Options;

/// <summary>The options of <c>find</c>: one for each setting of a search that has one.</summary>
internal sealed class SearchOptions
{
    /// <summary>The group of a setting that none names.</summary>
    private const int Others = 1;

    /// <summary>What the help lists together, the most used first.</summary>
    private static readonly (string Heading, string[] Names)[] s_groups =
    [
        ("The search", ["--network", "--data", "--levels", "--to-density", "--epochs", "--steps", "--protocol", "--replicates", "--controls", "--seed"]),
        ("Pruning", ["--rate", "--criterion", "--mask1", "--mask0", "--scope", "--schedule", "--rewind-to", "--untrained", "--threshold"]),
        ("Training",
        [
            "--optimizer", "--lr", "--momentum", "--nesterov", "--weight-decay", "--batch", "--evaluate", "--test-at", "--training-sample", "--order-seed",
            "--lr-at", "--lr-factor", "--lr-cosine", "--warm-up", "--initial-distribution",
        ]),
        ("Data", ["--validation", "--resize", "--split-seed", "--scale", "--augment"]),
        ("Where it starts", ["--mask", "--from", "--initial", "--final", "--map"]),
        ("A learned mask", ["--supermask", "--rescale"]),
        (ComparisonOptions.Heading, ["--metric", "--at", "--margin", "--judge-at"]),
    ];

    /// <summary>The names of the options that the groups name.</summary>
    internal static IEnumerable<string> Grouped => s_groups.SelectMany(group => group.Names);

    /// <summary>All of them, in the order in which the help lists them.</summary>
    public ImmutableArray<Option> All { get; } =
        [.. SettingOptions.All.OrderBy(option => Place(option.Name)).Select(Make)];

    /// <summary>The option of that name.</summary>
    public Option this[string name] => All.First(option => option.Name == name);

    /// <summary>The heading under which the help lists an option.</summary>
    public static string HeadingOf(Option option) =>
        s_groups.FirstOrDefault(group => group.Names.Contains(option.Name), s_groups[Others]).Heading;

    /// <summary>The search that a command line states.</summary>
    /// <exception cref="UserException">A value is wrong, or options contradict each other.</exception>
    /// <param name="parsed">The command line.</param>
    /// <param name="besides">Options that count instead of what the command line says; null for none.</param>
    public Study Read(ParseResult parsed, IReadOnlyDictionary<string, string>? besides = null)
    {
        Dictionary<string, string> given = All.Where(option => Common.IsGiven(option, parsed))
            .ToDictionary(option => option.Name, option => parsed.GetResult(option)!.Tokens is [var token, ..] ? token.Value : "true");
        foreach ((string name, string text) in besides ?? new Dictionary<string, string>()) given[name] = text;
        if (besides?.ContainsKey("--levels") == true) given.Remove("--to-density");
        return Study.FromOptions(given);
    }

    private static int Place(string name)
    {
        List<string> places = [.. Grouped];
        return places.IndexOf(name) is >= 0 and var place ? place : places.IndexOf(s_groups[Others].Names[^1]);
    }

    private static Option Make(OptionDescription option) => option.IsFlag
        ? new Option<bool>(option.Name) { Description = option.About }
        : new Option<string>(option.Name)
        {
            Description = option.About,
            HelpName = option.ValueName,
            Required = option.IsRequired,
            DefaultValueFactory = option.Default is { } text ? _ => text : null,
            CompletionSources = { (string[])[.. option.Names] },
        };
}
