using System.CommandLine;
using System.CommandLine.Parsing;

namespace Lottery.Cli.Output;

/// <summary>Describes what is wrong with the arguments in one sentence.</summary>
internal static class UsageError
{
    /// <summary>The sentence; null if the arguments can be parsed.</summary>
    public static string? Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return null;
        Command command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var unknown, ..]) return Unknown(unknown, command, parsed);
        ParseError error = parsed.Errors[0];
        string help = $"see `{Path(parsed)} --help`";
        return error.SymbolResult switch
        {
            OptionResult option => OfOption(option, error, help),
            ArgumentResult { Parent: OptionResult option } => OfOption(option, error, help),
            ArgumentResult argument when argument.Tokens.Count == 0 => Missing(argument.Argument, help),
            CommandResult result when Unfilled(result) is { } argument => Missing(argument, help),
            _ when command.Subcommands.Count > 0 =>
                $"'{command.Name}' needs a subcommand: {Names(command.Subcommands)}; {help}.",
            _ => error.Message,
        };
    }

    private static string Unknown(string token, Command command, ParseResult parsed)
    {
        if (token.StartsWith('-'))
        {
            string name = token.Split('=')[0];
            if (OptionsOf(parsed).Any(option => option.Name == name))
                return $"{name} stands before the command; write it after, as in `{Path(parsed)} {name} …`.";
            return $"There is no option '{name}'{Ending(name, OptionsOf(parsed).Select(option => option.Name), parsed)}";
        }
        return command.Subcommands.Count > 0
            ? $"There is no command '{token}'{Ending(token, command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name), parsed)}"
            : $"'{token}' is one argument too many; see `{Path(parsed)} --help`.";
    }

    private static string Ending(string name, IEnumerable<string> candidates, ParseResult parsed) =>
        Suggestion.Nearest(name, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : $"; see `{Path(parsed)} --help`.";

    private static string OfOption(OptionResult option, ParseError error, string help) => option.Tokens.Count switch
    {
        0 => option.IdentifierToken is null
            ? $"{option.Option.Name} is missing; {help}."
            : $"{option.Option.Name} needs a value; {help}.",
        > 1 => $"{option.Option.Name} is given more than once; give it once.",
        _ => error.Message,
    };

    private static string Missing(Argument argument, string help) => $"{argument.Name} is missing; {help}.";

    private static Argument? Unfilled(CommandResult result) =>
        result.Command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is not { Tokens.Count: > 0 });

    /// <summary>The options of the command and those of all commands.</summary>
    private static IEnumerable<Option> OptionsOf(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive));

    /// <summary>For example <c>lottery runs show</c>.</summary>
    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = command.Parent)
            names.Insert(0, command.Command.Name);
        return string.Join(' ', names);
    }

    private static string Names(IEnumerable<Command> commands) => string.Join(", ", commands.Where(command => !command.Hidden).Select(command => command.Name));
}
