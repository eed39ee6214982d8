using System.Diagnostics;
using Lottery.Bench.Results;
using Lottery.Bench.Timing;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Studies.Execution;

namespace Lottery.Bench.Measurements;

/// <summary>Two replicates at once, a thread each, against one.</summary>
internal static class ReplicateMeasurement
{
    private const int Levels = 12;

    public static ReplicateRow Run(Dataset mnist, int steps, int rounds)
    {
        Search(mnist, steps / 10, replicates: 2);
        double[][] seconds = Rounds.InTurn(rounds, () => Search(mnist, steps, 1), () => Search(mnist, steps, 2));
        return new(Levels, steps, Rounds.Median(seconds[0]), Rounds.Median(seconds[1]));
    }

    private static double Search(Dataset mnist, int steps, int replicates)
    {
        RunTask[] tasks = [.. Enumerable.Range(1, replicates).SelectMany(seed => RunTask.Of(
            new TicketSearch(Network.Lenet300100, mnist.Split(RealSearch.Validation, (ulong)seed))
            {
                Pruning = new() { Levels = Levels },
                Training = new() { Batch = RealSearch.Batch, Steps = steps, Evaluate = steps },
            },
            (ulong)seed))];
        long start = Stopwatch.GetTimestamp();
        foreach (RunOutcome outcome in new RunExecutor().Run(tasks, replicates))
            if (outcome.Failure is { } failure) throw failure;
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
