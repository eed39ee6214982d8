using System.CommandLine;
using System.CommandLine.Invocation;

namespace Lottery.Cli;

/// <summary><c>--version</c>, after any verb.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public static Option<bool> Option() => new("--version")
    {
        Description = "Show the version.",
        Recursive = true,
        Action = new VersionAction(),
    };

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Versions.Lottery);
        return 0;
    }
}
