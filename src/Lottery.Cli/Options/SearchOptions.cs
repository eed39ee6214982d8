using System.Collections.Immutable;
using System.CommandLine;
using Lottery.Studies.Files;
using Lottery.Studies.Settings;

namespace Lottery.Cli.Options;

/// <summary>The options of <c>find</c>: one for each setting of a search that has one.</summary>
internal sealed class SearchOptions
{
    /// <summary>All of them, in the order in which the help lists them; <see cref="Common.Seed"/> belongs to every command.</summary>
    public ImmutableArray<Option> All { get; } = [.. SettingOptions.All.Where(option => option.Name != Common.Seed.Name).Select(Make)];

    /// <summary>The option of that name.</summary>
    public Option this[string name] => All.First(option => option.Name == name);

    /// <summary>The search that a command line states.</summary>
    /// <exception cref="UserException">A value is wrong, or options contradict each other.</exception>
    public Study Read(ParseResult parsed) => Study.FromOptions(All.Append(Common.Seed)
        .Where(option => Common.IsGiven(option, parsed))
        .ToDictionary(option => option.Name, option => parsed.GetResult(option)!.Tokens is [var token, ..] ? token.Value : "true"));

    private static Option Make(OptionDescription option) => option.IsFlag
        ? new Option<bool>(option.Name) { Description = option.About }
        : new Option<string>(option.Name)
        {
            Description = option.About,
            HelpName = option.ValueName,
            Required = option.IsRequired,
            DefaultValueFactory = option.Default is { } text ? _ => text : null,
        };
}
