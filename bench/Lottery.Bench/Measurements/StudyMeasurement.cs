using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lottery.Bench.Timing;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Studies.Execution;
using Lottery.Studies.Files;
using Lottery.Studies.Store;

namespace Lottery.Bench.Measurements;

/// <summary>What a study costs besides training: its plan, and what scheduling, store and metrics add to a run.</summary>
internal static class StudyMeasurement
{
    private const int Levels = 12, Replicates = 2, Steps = 200, Every = 100;

    // 13 criteria × 4 actions × 12 levels × 8 seeds, and 8 dense runs: 5,000.
    private const string StudyText = """
        study: plan
        network: lenet-300-100
        data: { set: mnist }
        train: { steps: 1000 }
        prune: { levels: 12 }
        matrix:
          criterion: [large-final, small-final, large-init, small-init, large-init-large-final, small-init-small-final,
            magnitude-increase, movement, random, large-final-same-sign, large-final-diff-sign,
            magnitude-increase-same-sign, magnitude-increase-diff-sign]
          mask1: [rewind, reinit, reshuffle, constant]
        replicates: 8
        """;

    /// <summary>Lines that say what came out.</summary>
    public static IEnumerable<string> Run(Dataset mnist, int rounds)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lottery-bench");
        try
        {
            (double plan, int runs) = Plan(folder.FullName, mnist, rounds);
            yield return string.Create(CultureInfo.InvariantCulture, $"planning a study of {runs:N0} runs: {plan:F2} s (median of {rounds})");
            int store = 0;
            double[][] seconds = Rounds.InTurn(rounds,
                () => Search(mnist, new MemoryRunStore()), () => Search(mnist, new RunStore(Path.Combine(folder.FullName, $"{store++}"))));
            double extra = Rounds.Median([.. seconds[1].Zip(seconds[0], (kept, memory) => kept - memory)]) / (Replicates * (Levels + 1));
            yield return string.Create(CultureInfo.InvariantCulture,
                $"scheduling, store and metrics, flushed to disk: {1e3 * extra:F1} ms a run (median of {rounds}, paired with runs in memory)");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (double Seconds, int Runs) Plan(string folder, Dataset mnist, int rounds)
    {
        string path = Path.Combine(folder, "plan.yaml");
        File.WriteAllText(path, StudyText);
        int runs = 0;
        double[][] seconds = Rounds.InTurn(rounds, () =>
        {
            long start = Stopwatch.GetTimestamp();
            var plan = StudyPlan.Create(Study.Read(path, new()), _ => mnist, new RunStore(Path.Combine(folder, "none")));
            runs = plan.Ids.Length;
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        return (Rounds.Median(seconds[0]), runs);
    }

    private static double Search(Dataset mnist, IRunStore store)
    {
        ImmutableArray<RunTask> tasks = [.. Enumerable.Range(1, Replicates).SelectMany(seed => RunTask.Of(
            new TicketSearch(Network.Lenet300100, mnist.Split(RealSearch.Validation, (ulong)seed))
            {
                Pruning = new() { Levels = Levels },
                Training = new() { Batch = RealSearch.Batch, Steps = Steps, Evaluate = Every },
                Runs = store,
            },
            (ulong)seed))];
        long start = Stopwatch.GetTimestamp();
        using RunWriter? writer = store is RunStore onDisk ? new(onDisk, RunWriter.MostOf(1)) : null;
        foreach (RunOutcome outcome in new RunExecutor { Writer = writer }.Run(tasks, jobs: 1))
            if (outcome.Failure is { } failure) throw failure;
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
