using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Lottery.Cli.Output;

namespace Lottery.SystemTests.Processes;

/// <summary>The command line as a process of its own.</summary>
internal sealed class LotteryProcess : IDisposable
{
    private static readonly string s_dotnet =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private readonly Process _process;
    private readonly Task<string> _output, _error;

    public LotteryProcess(params string[] arguments) : this([], arguments)
    {
    }

    public LotteryProcess((string Name, string Value)[] environment, params string[] arguments)
        : this(Start(s_dotnet, environment, [Path.Combine(AppContext.BaseDirectory, "Lottery.Cli.dll"), .. arguments]))
    {
    }

    /// <summary>The program in a folder of its own.</summary>
    public LotteryProcess((string Name, string Value)[] environment, string[] arguments, string folder)
        : this(Start(s_dotnet, environment, [Path.Combine(AppContext.BaseDirectory, "Lottery.Cli.dll"), .. arguments], folder))
    {
    }

    private LotteryProcess(Process process)
    {
        _process = process;
        (_output, _error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>A process whose standard output can be read from a file while it runs; signals and the end are its own.</summary>
    public static LotteryProcess Into(string file, params string[] arguments) => Into(file, [], "", arguments);

    /// <summary>The same in a folder of its own.</summary>
    public static LotteryProcess Into(string file, (string Name, string Value)[] environment, string folder, string[] arguments) => new(Start(
        "/bin/sh", environment, ["-c", "file=$1; shift; exec \"$@\" >\"$file\"", "sh", file, s_dotnet, Path.Combine(AppContext.BaseDirectory, "Lottery.Cli.dll"), .. arguments], folder));

    /// <summary>A process whose standard error can be read from a file while it runs.</summary>
    public static LotteryProcess Saying(string file, params string[] arguments) => new(Start(
        "/bin/sh", [], ["-c", "file=$1; shift; exec \"$@\" 2>\"$file\"", "sh", file, s_dotnet, Path.Combine(AppContext.BaseDirectory, "Lottery.Cli.dll"), .. arguments]));

    /// <summary>Lottery below a shell: <c>"$@"</c> in <paramref name="script"/> is its command.</summary>
    public static CommandLineRun OfShell(string script, params string[] arguments)
    {
        using Process shell = Start("/bin/sh", [], ["-c", script, "sh", s_dotnet, Path.Combine(AppContext.BaseDirectory, "Lottery.Cli.dll"), .. arguments]);
        Task<string> output = shell.StandardOutput.ReadToEndAsync(), error = shell.StandardError.ReadToEndAsync();
        shell.WaitForExit();
        return new(shell.ExitCode, output.Result, error.Result);
    }

    /// <summary>Sends a signal, for example <c>INT</c>.</summary>
    public void Signal(string name)
    {
        using Process kill = Start("/bin/kill", [], [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended.</summary>
    public CommandLineRun Wait()
    {
        _process.WaitForExit();
        return new(_process.ExitCode, _output.Result, _error.Result);
    }

    /// <summary>Waits until it has ended; after so long it is killed.</summary>
    public CommandLineRun Wait(TimeSpan patience)
    {
        if (!_process.WaitForExit(patience)) _process.Kill();
        return Wait();
    }

    /// <summary>Waits until <paramref name="condition"/> holds or it has ended.</summary>
    public void Until(Func<bool> condition)
    {
        while (!_process.HasExited && !condition()) Thread.Sleep(5);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private static Process Start(string file, (string Name, string Value)[] environment, IEnumerable<string> arguments, string folder = "")
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment[Hints.Variable] = Hints.Canonical;
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
