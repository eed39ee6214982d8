using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;

namespace Lottery.Cli.Commands;

/// <summary>Shows the help of a command by its name.</summary>
internal sealed class HelpCommand : LotteryCommand
{
    private readonly HelpText _help;

    private readonly Argument<string[]> _words = new("COMMAND")
    {
        Description = "The command, as in runs list; without one, all are listed.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public HelpCommand(Terminal terminal, HelpText help) : base("help", "Explain a command.", "lottery help runs list", terminal)
    {
        _help = help;
        Add(_words);
    }

    protected override int Run(ParseResult parsed)
    {
        Command command = parsed.RootCommandResult.Command;
        foreach (string word in parsed.GetValue(_words) ?? [])
        {
            Command[] known = [.. command.Subcommands.Where(one => !one.Hidden)];
            command = known.FirstOrDefault(one => one.Name == word) ?? throw new UserException(
                $"There is no command '{word}'" + (Suggestion.Nearest(word, known.Select(one => one.Name)) is { } nearest
                    ? $"; did you mean '{nearest}'?" : $"; see `{HelpText.PathOf(command)} --help`."));
        }
        _help.Write(command);
        return 0;
    }
}

/// <summary>Tells the version; <c>--version</c> does, too.</summary>
internal sealed class VersionCommand(Terminal terminal) : LotteryCommand("version", "Tell the version.", "lottery version", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        if (parsed.GetValue(Common.Json)) Write(new JsonObject { ["version"] = Versions.Lottery });
        else Terminal.WriteLine(Versions.Lottery);
        return 0;
    }
}
