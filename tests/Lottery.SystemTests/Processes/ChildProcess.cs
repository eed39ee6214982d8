using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Lottery.SystemTests.Processes;

/// <summary>This assembly as another process: to be killed, to contend with, or to work under other circumstances.</summary>
internal static class ChildProcess
{
    private const string Variable = "LOTTERY_TESTS_CHILD";

    /// <summary>Starts a child that does <paramref name="work"/>, with these variables in its environment.</summary>
    public static Process Start(string work, string[] arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ChildProcess).Assembly.Location])
        {
            RedirectStandardOutput = true,
            Environment = { [Variable] = string.Join('|', [work, .. arguments]) },
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    // The test runner's entry point is generated, so the child branches off before it.
    [ModuleInitializer]
    internal static void Branch()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('|') is not [var work, .. var arguments]) return;
        if (work == nameof(StoreChild)) StoreChild.Work(arguments);
        else SearchChild.Work();
        Environment.Exit(0);
    }
}
