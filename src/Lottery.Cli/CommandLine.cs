using System.CommandLine;
using System.CommandLine.Help;
using Lottery.Cli.Commands;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Studies.Settings;

namespace Lottery.Cli;

/// <summary>From arguments to an exit code: 0 success, 1 the work failed, 2 the request or a file was wrong, 130 and 143 interrupted.</summary>
internal static class CommandLine
{
    /// <summary>The commands as the help lists them.</summary>
    internal static readonly (string Heading, string[] Names)[] Groups =
    [
        ("Find tickets", ["quickstart", "find", "study"]),
        ("Look at results", ["runs", "query", "report", "serve"]),
        ("Use tickets", ["ticket"]),
        ("Look things up", ["data", "network", "doctor", "completion", "help", "version"]),
    ];

    /// <summary>The examples of the help that is shown first.</summary>
    internal static readonly (string Command, string About)[] FirstSteps =
    [
        ("lottery quickstart", "a whole search in about a minute, with controls and intervals"),
        ("lottery find --network lenet-300-100 --data mnist --levels 12 --epochs 6 --replicates 5 --controls reinit", "a search of your own"),
        ("lottery report -o report.html", "tables and charts of all that was found"),
    ];

    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs <paramref name="arguments"/>; errors are written to <paramref name="terminal"/> and never thrown.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            ParseResult parsed = Parse(Root(terminal), arguments);
            terminal.Hints.Use(parsed);
            if (UsageError.Of(parsed) is { } sentence) throw new UserException(sentence);
            if (parsed.GetValue(Common.Debug)) DebugLog.To(terminal.SayLine);
            DebugLog.Write("start", $"lottery {Versions.Lottery}, {Versions.Runtime}, {Versions.System}, process {Environment.ProcessId}: {ShellCommand.Write(arguments)}");
            int exitCode = parsed.Invoke(new()
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Out,
                Error = terminal.Error,
            });
            terminal.Flush();
            if (DebugLog.IsOn) DebugLog.Write("end", $"exit code {exitCode}, at most {PeakMemory} bytes of memory");
            return exitCode;
        }
        catch (Exception exception)
        {
            return Failure.Report(exception, terminal, debug: arguments.Contains("--debug"), json: arguments.Contains("--json"));
        }
        finally
        {
            DebugLog.To(null);
        }
    }

    /// <summary>The most physical memory that this process had.</summary>
    private static long PeakMemory
    {
        get
        {
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            return self.PeakWorkingSet64;
        }
    }

    /// <summary>Parses arguments as they are typed after the program's name.</summary>
    public static ParseResult Parse(Command root, IReadOnlyList<string> arguments) => root.Parse(arguments, Parsing);

    /// <summary>The root command with all commands and options.</summary>
    public static Command Root(Terminal terminal)
    {
        var text = new HelpText(terminal);
        var help = new HelpOption { Action = text, Description = "Show this help." };
        var root = new Command(Hints.Canonical, "Finds lottery tickets and supermasks in neural networks.");
        root.SetAction(_ => text.Write(root));
        foreach (Option option in (Option[])[Common.Json, Common.Debug, VersionAction.Option(), help]) root.Add(option);
        foreach (Command command in (Command[])
        [
            new QuickstartCommand(terminal),
            new FindCommand(terminal),
            new StudyCommand(terminal),
            new RunsCommand(terminal),
            new QueryCommand(terminal),
            new ReportCommand(terminal),
            new ServeCommand(terminal),
            new TicketCommand(terminal),
            new DataCommand(terminal),
            new NetworkCommand(terminal),
            new DoctorCommand(terminal),
            new CompletionCommand(terminal),
            new HelpCommand(terminal, text),
            new VersionCommand(terminal),
            new CompleteCommand(terminal),
        ]) root.Add(command);
        return root;
    }
}
