using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lottery.Cli;
using Lottery.Cli.Output;
using Lottery.Studies.Store.Activity;

namespace Lottery.Torture;

/// <summary>The command line in a process of its own that may end at any call of its store.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const string Command = "worker";
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private WorkerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_said) _said.AppendLine(line.Data);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>What it has written to standard error.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="study">The study.</param>
    /// <param name="store">The store.</param>
    /// <param name="at">The call, counted from 1, at which it ends; 0 for none.</param>
    /// <param name="later">So many milliseconds after that call; 0: in its place.</param>
    /// <param name="host">The machine that it says to be on; empty for this one.</param>
    public static WorkerProcess Start(TortureStudy study, string store, int at = 0, int later = 0, string host = "")
    {
        string[] numbers = [.. new[] { at, later }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        var start = new ProcessStartInfo(
            "dotnet", ["exec", typeof(WorkerProcess).Assembly.Location, Command, store, TortureStudy.LogOf(store), .. numbers, host, .. study.Arguments(store)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        return new(Process.Start(start)!);
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>True if it came to its end; false if it was killed.</returns>
    /// <exception cref="TortureException">It failed.</exception>
    public bool Wait()
    {
        _process.WaitForExit();
        const int Killed = 128 + 9;
        if (_process.ExitCode is not 0 and not Killed) throw new TortureException($"A worker failed with {_process.ExitCode}: {Said}");
        return _process.ExitCode == 0;
    }

    /// <summary>Ends it.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>What the process does; null where the arguments are not a worker's.</summary>
    public static int? Run(string[] arguments)
    {
        if (arguments is not [Command, var store, var log, var at, var later, var host, .. var command]) return null;
        if (host.Length > 0) ProcessIdentity.Own = ProcessIdentity.Own with { Host = host, Table = host };
        using var watch = new WorkerWatch(store, log, int.Parse(at, CultureInfo.InvariantCulture), int.Parse(later, CultureInfo.InvariantCulture));
        int exitCode = CommandLine.Run(command, Terminal.OfProcess());
        watch.NoteEnd();
        return exitCode;
    }
}

/// <summary>Something that must not happen did.</summary>
internal sealed class TortureException(string message) : Exception(message);
