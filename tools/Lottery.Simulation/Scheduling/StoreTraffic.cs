using Lottery.Search;
using Lottery.Simulation.Stores;
using Lottery.Specifications;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Files;

namespace Lottery.Simulation.Scheduling;

/// <summary>The calls by which a store changes something on the disk, counted on a real run of a small store.</summary>
/// <param name="Begin">To claim a run.</param>
/// <param name="Evaluation">To note an evaluation for the dashboard.</param>
/// <param name="Checkpoint">To keep a checkpoint.</param>
/// <param name="Finish">To make a run visible.</param>
/// <param name="Flushes">How many of <paramref name="Finish"/> wait for the disk.</param>
internal sealed record StoreTraffic(int Begin, int Evaluation, int Checkpoint, int Finish, int Flushes)
{
    /// <summary>Counts.</summary>
    public static StoreTraffic Measure()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lottery-scale-");
        try
        {
            var store = new RunStore(Path.Combine(folder.FullName, "store"));
            RunSpecification[] runs = [.. MadeUpStudy.Searches(2, 3).SelectMany(search => search)];
            // The first run creates what the others find.
            Train(store, runs[0], () => { });
            using var counter = new Counter(folder.FullName);
            var calls = new List<(int Calls, int Flushes)>();
            Train(store, runs[1], () => calls.Add(counter.Take()));
            return new(calls[0].Calls, calls[1].Calls, calls[2].Calls, calls[3].Calls, calls[3].Flushes);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Calls a second.</summary>
    /// <param name="workers">Workers.</param>
    /// <param name="finishes">Runs that are finished in a second.</param>
    /// <param name="checkpointSeconds">The time between two checkpoints of a worker.</param>
    /// <param name="evaluations">Evaluations of a run.</param>
    /// <param name="beatSeconds">The time between two beats of a worker.</param>
    public (double Checkpoints, double Beats, double Runs) CallsASecond(int workers, double finishes, double checkpointSeconds, int evaluations, double beatSeconds) =>
        (workers / checkpointSeconds * Checkpoint, workers / beatSeconds, finishes * (Begin + Finish + evaluations * Evaluation));

    private static void Train(RunStore store, RunSpecification run, Action done)
    {
        RunResult result = MadeUpResult.Of(run);
        using IRunSession session = store.Begin(run, CancellationToken.None);
        done();
        session.Report(result.Evaluations[0]);
        session.Report(result.Evaluations[1]);
        done();
        session.Save(new()
        {
            Step = 1, Weights = new(result.Final, result.Best, [result.Best, result.Initial]), Evaluations = result.Evaluations,
            BatchOrders = result.BatchOrders, LossSum = 1, Seconds = 1, EvaluationSeconds = 1,
        });
        done();
        session.Finish(result);
        done();
    }

    private sealed class Counter(string root) : DiskWatch(root)
    {
        private readonly Lock _lock = new();
        private int _calls, _flushes;

        public override Exception? Before(DiskStep step, ref int length)
        {
            lock (_lock)
            {
                _calls++;
                if (step.Call is DiskCall.Flush or DiskCall.FlushFolder) _flushes++;
            }
            return null;
        }

        public (int, int) Take()
        {
            lock (_lock)
            {
                (int, int) taken = (_calls, _flushes);
                (_calls, _flushes) = (0, 0);
                return taken;
            }
        }
    }
}
