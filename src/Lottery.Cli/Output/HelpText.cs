using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Lottery.Cli.Commands;

namespace Lottery.Cli.Output;

/// <summary>Help that ends with examples.</summary>
internal sealed class HelpText(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        string[] examples = [.. Examples(parseResult.CommandResult.Command)];
        output.WriteLine(examples.Length == 1 ? "Example:" : "Examples:");
        foreach (string example in examples) output.WriteLine($"  {example}");
        return exitCode;
    }

    private static IEnumerable<string> Examples(Command command) => command switch
    {
        LotteryCommand executable => [executable.Example],
        _ when command.Subcommands.Count > 0 => command.Subcommands.SelectMany(Examples),
        _ => [],
    };
}
