using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Lottery.Cli.Output;

/// <summary>Versions of the program, the runtime and the operating system.</summary>
internal static class Versions
{
    /// <summary>The version of Lottery without the commit hash.</summary>
    public static string Lottery { get; } =
        typeof(Versions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static string Runtime => RuntimeInformation.FrameworkDescription;

    public static string System => RuntimeInformation.OSDescription.Trim();
}

/// <summary><c>--version</c>, accepted by every command.</summary>
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
