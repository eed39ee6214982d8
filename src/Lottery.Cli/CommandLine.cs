using System.CommandLine;
using System.CommandLine.Help;
using Lottery.Cli.Commands;
using Lottery.Cli.Options;
using Lottery.Cli.Output;

namespace Lottery.Cli;

/// <summary>From arguments to an exit code: 0 success, 1 the work failed, 2 the request or a file was wrong, 130 and 143 interrupted.</summary>
internal static class CommandLine
{
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs <paramref name="arguments"/>; errors are written to <paramref name="terminal"/> and never thrown.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            ParseResult parsed = Root(terminal).Parse(arguments, Parsing);
            if (UsageError.Of(parsed) is { } sentence) throw new UserException(sentence);
            int exitCode = parsed.Invoke(new()
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Out,
                Error = terminal.Error,
            });
            terminal.Flush();
            return exitCode;
        }
        catch (Exception exception)
        {
            return Failure.Report(exception, terminal, debug: arguments.Contains("--debug"));
        }
    }

    /// <summary>The root command with all commands and options.</summary>
    public static Command Root(Terminal terminal)
    {
        var help = new HelpOption();
        help.Action = new HelpText((HelpAction)help.Action!);
        var root = new Command("lottery", "Finds lottery tickets and supermasks in neural networks.");
        root.SetAction(parsed => ((HelpText)help.Action).Invoke(parsed));
        foreach (Option option in (Option[])[.. Common.All, VersionAction.Option(), help]) root.Add(option);
        foreach (Command command in (Command[])
        [
            new QuickstartCommand(terminal),
            new FindCommand(terminal),
            new StudyCommand(terminal),
            new RunsCommand(terminal),
            new QueryCommand(terminal),
            new ServeCommand(terminal),
            new ReportCommand(terminal),
            new DataCommand(terminal),
            new NetworkCommand(terminal),
            new TicketCommand(terminal),
            new DoctorCommand(terminal),
        ]) root.Add(command);
        return root;
    }
}
