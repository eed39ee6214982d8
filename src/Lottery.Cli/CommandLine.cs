using System.CommandLine;
using System.CommandLine.Help;
using Lottery.Cli.Commands;
using Lottery.Cli.Options;

namespace Lottery.Cli;

/// <summary>From arguments to an exit code: 0 done, 1 not possible, 2 wrongly asked, 130 and 143 interrupted.</summary>
internal static class CommandLine
{
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs <paramref name="arguments"/>; errors are told on <paramref name="terminal"/> and never thrown.</summary>
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
            return Failure.Tell(exception, terminal, debug: arguments.Contains("--debug"));
        }
    }

    /// <summary>The whole command line.</summary>
    public static Command Root(Terminal terminal)
    {
        var help = new HelpOption();
        help.Action = new HelpText((HelpAction)help.Action!);
        var root = new Command("lottery", "Finds lottery tickets in neural networks, and says how sure it is.");
        root.SetAction(parsed => ((HelpText)help.Action).Invoke(parsed));
        foreach (Option option in (Option[])[.. Common.All, VersionAction.Option(), help]) root.Add(option);
        foreach (Command verb in (Command[])
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
        ]) root.Add(verb);
        return root;
    }
}
