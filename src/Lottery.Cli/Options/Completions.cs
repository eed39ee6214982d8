using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Lottery.Cli.Commands;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Cli.Options;

/// <summary>The words that may follow on a command line.</summary>
internal static class Completions
{
    /// <summary>The candidates for the last of <paramref name="words"/>; none where a file may be named.</summary>
    public static IEnumerable<(string Word, string About)> Of(Command root, IReadOnlyList<string> words)
    {
        string prefix = words[^1];
        ParseResult before = CommandLine.Parse(root, [.. words.SkipLast(1)]);
        Command command = before.CommandResult.Command;
        return Candidates(before, command, words.Count > 1 ? words[^2] : "", prefix)
            .Where(one => one.Word.StartsWith(prefix, StringComparison.Ordinal)).DistinctBy(one => one.Word);
    }

    private static IEnumerable<(string Word, string About)> Candidates(ParseResult before, Command command, string last, string prefix)
    {
        Option[] options = [.. command.Options, .. before.RootCommandResult.Command.Options.Where(option => option.Recursive)];
        if (options.FirstOrDefault(option => option.Name == last || option.Aliases.Contains(last)) is { } open && open.ValueType != typeof(bool))
            return Values(open, open.HelpName ?? "", before);
        if (prefix.StartsWith('-'))
            return options.Where(option => !option.Hidden && (before.GetResult(option) is not { Implicit: false } || option.Arity.MaximumNumberOfValues > 1))
                .Select(option => (option.Name, option.Description ?? ""));
        if (command is HelpCommand) return Below(before).Select(one => (one.Name, one.Description ?? ""));
        Command[] subcommands = [.. command.Subcommands.Where(one => !one.Hidden)];
        if (subcommands.Length > 0) return subcommands.Select(one => (one.Name, one.Description ?? ""));
        Argument? next = command.Arguments.FirstOrDefault(argument =>
            (before.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MaximumNumberOfValues);
        return next is null ? [] : Values(next, next.Name, before);
    }

    /// <summary>The subcommands of the command that words after <c>help</c> name.</summary>
    private static IEnumerable<Command> Below(ParseResult before)
    {
        Command command = before.RootCommandResult.Command;
        foreach (Token word in before.CommandResult.Tokens.Concat(before.CommandResult.Children.SelectMany(child => child.Tokens)).DistinctBy(token => token.Value))
            command = command.Subcommands.FirstOrDefault(one => one.Name == word.Value) ?? command;
        return command.Subcommands.Where(one => !one.Hidden);
    }

    private static IEnumerable<(string, string)> Values(Symbol symbol, string kind, ParseResult before)
    {
        string[] stated = [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
        if (stated.Length > 0) return stated.Select(word => (word, ""));
        return kind switch
        {
            "NETWORK" => NetworkCatalogue.Names.Select(name => (name, "")),
            "SET" => KnownSet.All.Select(set => (set.Name, set.Title)),
            "ID" or "A" or "B" or "RUN" or "FILE|RUN" => Runs(before),
            "STUDY" => Studies(before),
            "STUDY|RUN" => [.. Studies(before), .. Runs(before)],
            _ when kind.StartsWith("NAME|PATH", StringComparison.Ordinal) => KnownSet.All.Select(set => (set.Name, set.Title)),
            _ => [],
        };
    }

    private static IEnumerable<(string, string)> Runs(ParseResult before) =>
        Store(before)?.List().Select(run => (RunIdentity.Short(run.Id), $"{run.Network}, level {run.Level}, seed {run.Seed}")) ?? [];

    private static IEnumerable<(string, string)> Studies(ParseResult before) => Store(before)?.StudyNames.Select(name => (name, "a study")) ?? [];

    /// <summary>The store, where there is one.</summary>
    private static RunStore? Store(ParseResult before)
    {
        string folder = Common.FindStore(before.CommandResult.Command) is null ? "" : Common.StoreOf(before);
        return Directory.Exists(folder) ? new(folder) : null;
    }
}
