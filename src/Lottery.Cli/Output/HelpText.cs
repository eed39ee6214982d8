using System.CommandLine;
using System.CommandLine.Invocation;
using Lottery.Cli.Commands;
using Lottery.Cli.Options;
using Lottery.Cli.Slurm;
using Lottery.Cli.Tables;

namespace Lottery.Cli.Output;

/// <summary>Help: what a command does, how it is written, its options in groups with the common ones first, and an example.</summary>
internal sealed class HelpText(Terminal terminal) : SynchronousCommandLineAction
{
    private const int Widest = 104, WidestName = 30, Indent = 2;
    private const string General = "General";

    public override bool ClearsParseErrors => true;

    private int Width => Math.Min(terminal.Width ?? Widest, Widest);

    public override int Invoke(ParseResult parseResult)
    {
        terminal.Hints.Use(parseResult);
        Write(parseResult.CommandResult.Command);
        return 0;
    }

    /// <summary>Writes the help of a command.</summary>
    public void Write(Command command)
    {
        foreach (string line in Lines(command)) terminal.WriteLine(line);
    }

    /// <summary>The lines of a command's help, none wider than the screen.</summary>
    internal IEnumerable<string> Lines(Command command) =>
    [
        .. Paragraph(command.Description!),
        "", "Usage:", .. Usage(command),
        .. Section("Arguments", command.Arguments.Where(argument => !argument.Hidden).Select(argument => (argument.Name, argument.Description!))),
        .. CommandGroups(command).SelectMany(group => Section(group.Heading, group.Commands.Select(one => (one.Name, one.Description!)))),
        .. OptionGroups(command).SelectMany(group => Section(group.Heading, group.Options.Select(option => (Name(option), About(option))))),
        .. Ending(command),
    ];

    private static IEnumerable<(string Heading, Command[] Commands)> CommandGroups(Command command)
    {
        Command[] shown = [.. command.Subcommands.Where(one => !one.Hidden)];
        if (shown.Length == 0) return [];
        return command.Parents.Any() ? [("Commands", shown)]
            : CommandLine.Groups.Select(group => (group.Heading, shown.Where(one => group.Names.Contains(one.Name)).ToArray()));
    }

    private static IEnumerable<(string Heading, Option[] Options)> OptionGroups(Command command)
    {
        Option[] own = [.. command.Options.Where(option => !option.Hidden && !option.Recursive)];
        // The options of all commands are the root's.
        IEnumerable<Option> recursive = Above(command).SelectMany(one => one.Options).Where(option => option.Recursive && !option.Hidden);
        bool isRoot = !command.Parents.Any();
        ILookup<string, Option> groups = own.ToLookup(option => Common.IsGeneral(option) ? General
            : command is FindCommand ? SearchOptions.HeadingOf(option)
            : SlurmOptions.IsOne(option) ? "On a cluster" : "Options");
        foreach (var group in groups.Where(group => group.Key != General)) yield return (group.Key, [.. group]);
        yield return (General, [.. groups[General], .. recursive.Where(option => isRoot || option.Name != "--version")]);
    }

    private static IEnumerable<Command> Above(Command command) =>
        command.Parents.OfType<Command>().SelectMany(Above).Prepend(command);

    private IEnumerable<string> Usage(Command command)
    {
        IEnumerable<string> words =
        [
            terminal.Hints.Line(PathOf(command)),
            .. command.Subcommands.Count > 0 ? ["COMMAND"] : command.Arguments.Where(argument => !argument.Hidden).Select(Word),
            .. command.Options.Where(option => option.Required).Select(option => $"{option.Name}={option.HelpName}".Replace('=', '\u00A0')),
            "[OPTION…]",
        ];
        return new TextTable(new Column("", Report.Tables.ColumnKind.Whole)).Add([[string.Join(' ', words)]]).Lines(Width - Indent)
            .Select(line => $"  {line.Replace('\u00A0', ' ')}");
    }

    private static string Word(Argument argument)
    {
        string word = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}…" : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{word}]" : word;
    }

    /// <summary>The words that call a command: <c>lottery runs list</c>.</summary>
    internal static string PathOf(Command command) => string.Join(' ', Above(command).Reverse().Select(one => one.Name));

    private IEnumerable<string> Section(string heading, IEnumerable<(string Name, string About)> entries)
    {
        (string Name, string About)[] all = [.. entries];
        if (all.Length == 0) yield break;
        yield return "";
        yield return $"{heading}:";
        int column = Indent + Math.Min(WidestName, all.Max(entry => entry.Name.Length)) + 2;
        foreach ((string name, string about) in all)
        {
            string space = new(' ', column);
            string[] lines = [.. TextTable.Paragraph(terminal.Hints.In(about), Width - column)];
            // A long name has a line of its own.
            bool beside = Indent + name.Length + 2 <= column;
            if (!beside) foreach (string line in TextTable.Paragraph(name, Width - Indent)) yield return $"  {line}";
            for (int i = 0; i < lines.Length; i++)
                yield return (i == 0 && beside ? $"  {name}".PadRight(column) : space) + lines[i];
        }
    }

    private IEnumerable<string> Paragraph(string text) => TextTable.Paragraph(terminal.Hints.In(text), Width);

    private static string Name(Option option)
    {
        IEnumerable<string> names = option.Aliases.Append(option.Name).Where(name => name.StartsWith('-') && name != "-?").OrderBy(name => name.Length);
        return string.Join(", ", names) + (option.ValueType == typeof(bool) || option.HelpName is null ? "" : $" {option.HelpName}");
    }

    private static string About(Option option)
    {
        string about = option.Description ?? "";
        bool isTold = about.Contains("[default: ", StringComparison.Ordinal) || option.ValueType == typeof(bool) || !option.HasDefaultValue;
        return isTold || option.GetDefaultValue() is not { } usual || $"{usual}".Length == 0 ? about : $"{about} [default: {usual}]";
    }

    private IEnumerable<string> Ending(Command command)
    {
        string path = PathOf(command);
        if (command is LotteryCommand one)
            return ["", "Example:", .. Example(terminal.Hints.Line(one.Example))];
        string[] examples = command.Parents.Any() ? [] :
        [
            "", "Examples:",
            .. CommandLine.FirstSteps.SelectMany(step => (string[])[$"  # {step.About}", .. Example(terminal.Hints.Line(step.Command))]),
        ];
        string help = command.Parents.Any() ? $"lottery help{path[Hints.Canonical.Length..]} COMMAND" : "lottery help COMMAND";
        return [.. examples, "", .. Paragraph($"`{help}` explains a command.")];
    }

    /// <summary>A command line; one that is too long goes on after a backslash, so that it can be pasted.</summary>
    private IEnumerable<string> Example(string command) => CommandText.Lines(command, Width - Indent).Select(line => $"  {line}");
}
