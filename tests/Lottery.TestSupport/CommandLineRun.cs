using System.Text.Json.Nodes;
using Lottery.Cli;
using Lottery.Cli.Output;

namespace Lottery.TestSupport;

/// <summary>One use of the command line inside the tests' process.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    /// <summary>The document on standard output.</summary>
    public JsonNode Json => JsonNode.Parse(Output)!;

    /// <summary>The sentence of an error that was written as JSON.</summary>
    public string Refusal => (string)JsonNode.Parse(Error.TrimEnd('\n').Split('\n')[^1])!["error"]!["message"]!;

    public static CommandLineRun Of(params string[] arguments) => OnScreen(null, arguments);

    /// <summary>A use of the command line on a screen of so many columns.</summary>
    public static CommandLineRun OnScreen(int? columns, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(output, error) { Width = columns, ErrorWidth = columns };
        int exitCode = CommandLine.Run(arguments, terminal);
        return new(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>One command line, its words separated by spaces.</summary>
    public static CommandLineRun OfLine(string line) => Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
