using System.Diagnostics;
using Lottery.Numerics;
using Lottery.Simulation.Stores;
using Lottery.Specifications;

namespace Lottery.Simulation.Scheduling;

/// <summary>Simulates a study on many workers, and says how long it takes and what the store has to bear.</summary>
internal static class SimulationReport
{
    private const int Evaluations = 20;
    private const double Hour = 3_600, BeatSeconds = 5, ShortestCheckpoint = 1;

    /// <summary>Writes the report.</summary>
    /// <param name="count">The number of runs.</param>
    /// <param name="settings">The machines.</param>
    /// <param name="to">Receives it.</param>
    public static void Write(int count, FarmSettings settings, TextWriter to)
    {
        long began = Stopwatch.GetTimestamp();
        RunSpecification[] runs = [.. MadeUpStudy.Searches(count, Evaluations).SelectMany(search => search)];
        Func<RunSpecification, double> seconds = Times(runs, settings);
        var traffic = StoreTraffic.Measure();
        to.WriteLine($"{count} runs of {settings.RunSeconds:0} s on {settings.Workers} workers, {settings.WorkersOfNode} of a node; a worker dies after {settings.WorkerLife / Hour:0} h, "
            + $"a node after {settings.NodeLife / Hour:0} h; {settings.Stragglers:0.#%} of what is begun takes {settings.StragglerFactor:0} times as long.");
        to.WriteLine();
        to.WriteLine("| | makespan, h | no failures, h | bound, h | busy | idle | done twice | deaths, nodes | interrupted, most | runs a second, most | simulated in, s |");
        to.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        FarmResult queue = Row("one queue", () => new RunSource(runs, seconds, settings.Workers), settings, to);
        foreach (double target in (double[])[Hour / 12, Hour / 6, Hour / 4, Hour / 2, Hour, 4 * Hour])
            Row($"Slurm tasks of {target / 60:0} min", () => new TaskSource(runs, seconds, target), settings, to);
        to.WriteLine();
        foreach ((string name, double pause) in ((string, double)[])[("every 10 s (a slow disk)", settings.CheckpointSeconds), ("every second (a fast disk)", ShortestCheckpoint)])
        {
            (double checkpoints, double beats, double finished) = traffic.CallsASecond(settings.Workers, queue.MostFinishesASecond, pause, Evaluations, BeatSeconds);
            to.WriteLine($"Calls that change the store, a second, with a checkpoint {name}: {checkpoints:0} for checkpoints, {beats:0} for claims that say their owner lives, "
                + $"{finished:0} to begin, evaluate and finish {queue.MostFinishesASecond:0.0} runs.");
        }
        to.WriteLine($"A run takes {traffic.Begin} calls to begin, {traffic.Finish} to finish ({traffic.Flushes} wait for the disk), a checkpoint {traffic.Checkpoint}.");
        to.WriteLine($"Simulated in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s.");
    }

    /// <summary>What runs take: twice as long dense as at the sparsest level, and a little different each.</summary>
    public static Func<RunSpecification, double> Times(IReadOnlyCollection<RunSpecification> runs, FarmSettings settings)
    {
        double mean = runs.Average(Relative);
        return run => settings.RunSeconds * Relative(run) / mean;

        static double Relative(RunSpecification run) =>
            (1 + Math.Pow(0.8, run.Level)) * (0.8 + 0.4 * new RandomStream(run.Seed, $"time/{run.Level}/{run.Control}/{run.Prune?.Criterion}").Uniform(0));
    }

    private static FarmResult Row(string name, Func<IWorkSource> create, FarmSettings settings, TextWriter to)
    {
        long began = Stopwatch.GetTimestamp();
        IWorkSource source = create();
        double bound = Math.Max(source.Bounds.Total / settings.Workers, source.Bounds.Chain);
        FarmResult result = new Farm(settings, source).Run();
        FarmResult calm = new Farm(settings with { WorkerLife = double.PositiveInfinity, NodeLife = double.PositiveInfinity, Stragglers = 0 }, create()).Run();
        double all = result.Makespan * settings.Workers;
        to.WriteLine($"| {name} | {result.Makespan / Hour:0.00} | {calm.Makespan / Hour:0.00} | {bound / Hour:0.00} | {result.BusySeconds / all:0.0%} | {result.IdleSeconds / all:0.0%} | "
            + $"{result.LostSeconds / all:0.000%} | {result.Deaths}, {result.LostNodes} | {result.Interruptions}, {result.MostInterruptions} | {result.MostFinishesASecond:0.0} | "
            + $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} |");
        return result;
    }
}
