using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.Tests;

/// <summary>This assembly as another process that works on a store, to be killed or to contend with.</summary>
internal static class StoreChild
{
    private const string Variable = "LOTTERY_TESTS_CHILD";

    /// <summary>Starts a child; each line that it prints is one thing done.</summary>
    public static Process Start(string command, string folder, int first = 0)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(StoreChild).Assembly.Location])
        {
            RedirectStandardOutput = true,
            Environment = { [Variable] = $"{command}|{folder}|{first}" },
        };
        return Process.Start(start)!;
    }

    // The test runner's entry point is generated, so the child branches off before it.
    [ModuleInitializer]
    internal static void Branch()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('|') is not [var command, var folder, var first]) return;
        var store = new RunStore(folder) { Initial = MadeUp.Initial };
        int seed = int.Parse(first, CultureInfo.InvariantCulture), seeds = command == "endless" ? int.MaxValue : 12;
        if (command == "hold") Hold(store);
        foreach (RunSpecification run in Runs(seed, seeds)) Work(store, run);
        Environment.Exit(0);
    }

    /// <summary>Chains of three runs, seed after seed.</summary>
    public static IEnumerable<RunSpecification> Runs(int first, int seeds)
    {
        for (int seed = first; seed - first < seeds; seed++)
        {
            RunSpecification dense = MadeUp.Dense((ulong)seed), ticket = MadeUp.Next(dense);
            yield return dense;
            yield return ticket;
            yield return MadeUp.Next(ticket, Control.Reinit);
        }
    }

    private static void Work(RunStore store, RunSpecification run)
    {
        using IRunSession session = store.Begin(run, CancellationToken.None);
        if (session.Finished is not null) return;
        for (int step = session.Resume?.Step ?? 0; step <= 300; step += 100)
        {
            session.Report(MadeUp.Result(run).Evaluations[step / 100]);
            session.Save(MadeUp.Checkpoint(run, step));
        }
        store.AddToStudy("endless", [RunIdentity.Of(run)]);
        session.Finish(MadeUp.Result(run));
        Console.WriteLine(RunIdentity.Of(run));
    }

    private static void Hold(RunStore store)
    {
        using IRunSession session = store.Begin(MadeUp.Dense(), CancellationToken.None);
        session.Save(MadeUp.Checkpoint(MadeUp.Dense(), 200));
        Console.WriteLine("held");
        Thread.Sleep(Timeout.Infinite);
    }
}
