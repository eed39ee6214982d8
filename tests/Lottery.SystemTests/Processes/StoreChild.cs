using System.Diagnostics;
using System.Globalization;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.SystemTests.Processes;

/// <summary>This assembly as another process that works on a store, to be killed or to contend with.</summary>
internal static class StoreChild
{
    /// <summary>Starts a child; each line that it prints is one thing done.</summary>
    public static Process Start(string command, string folder, int first = 0) =>
        ChildProcess.Start(nameof(StoreChild), [command, folder, first.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>What the child does.</summary>
    public static void Work(string[] arguments)
    {
        (string command, int first) = (arguments[0], int.Parse(arguments[2], CultureInfo.InvariantCulture));
        var store = new RunStore(arguments[1]) { Initial = MadeUp.Initial };
        if (command == "hold") Hold(store);
        foreach (RunSpecification run in Runs(first, command == "endless" ? int.MaxValue : 12)) Work(store, run);
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
