using System.CommandLine;
using System.Text.Json.Nodes;

namespace Lottery.Cli.Commands;

/// <summary>Something that the command line does.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, string example, Terminal terminal) : base(name, description)
    {
        (Example, Terminal) = (example, terminal);
        SetAction(Run);
    }

    /// <summary>A command that shows what it is for.</summary>
    public string Example { get; }

    protected Terminal Terminal { get; }

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(ParseResult parsed);

    /// <summary>The one document on standard output.</summary>
    protected void Write(JsonNode document) => Terminal.WriteLine(Json.Text(document));

    /// <summary>Lines of the result.</summary>
    protected void Write(IEnumerable<string> lines)
    {
        foreach (string line in lines) Terminal.WriteLine(line);
    }
}
