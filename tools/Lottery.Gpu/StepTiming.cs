using System.Diagnostics;
using Lottery.Networks;
using Lottery.Training;

namespace Lottery.Gpu;

/// <summary>How long steps take.</summary>
internal static class StepTiming
{
    private const int UsualSteps = 50;

    /// <summary>Batches of an epoch: many, for no launch goes beyond the next epoch.</summary>
    private const int Batches = 100;

    private static readonly double[] s_densities = [1, 0.5, 0.2, 0.05, 0.01];

    /// <summary>
    /// What is timed, a network after the other: with the batch of the papers, at each density, and how many trainings at once. On the
    /// emulator the networks are small, and few at once.
    /// </summary>
    public static (string Network, int Batch, double Density, int Trainings)[] All { get; } =
    [
        .. Of("lenet-300-100", 60, [1, 0.21, 0.036], 1), .. Of("lenet-300-100", 60, [1, 0.21, 0.036], 132),
        .. Of("conv-2", 60, s_densities, 1), .. Of("conv-2", 60, [0.2], 8),
        .. Of("conv-4", 60, s_densities, 1),
        .. Of("conv-6", 60, s_densities, 1), .. Of("conv-6", 60, [0.2], 4),
        .. Of("resnet-20", 128, s_densities, 1), .. Of("resnet-20", 128, [0.2], 4),
        .. Of("vgg-19", 64, s_densities, 1),
    ];

    private static IEnumerable<(string Network, int Batch, double Density, int Trainings)> Of(string network, int batch, double[] densities, int trainings) =>
        densities.Select(density => (network, batch, density, trainings));

    /// <summary>Steps a second of many trainings at once, each with a thread of the processor that waits for it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Examples of a batch.</param>
    /// <param name="density">The fraction of each prunable tensor that is kept.</param>
    /// <param name="trainings">Trainings at once.</param>
    /// <param name="device">Where.</param>
    /// <param name="most">For how long.</param>
    /// <param name="atOnce">Steps of a training between two looks at the time.</param>
    public static double StepsPerSecond(
        Network network, int batch, double density, int trainings, ITrainingDevice device, TimeSpan most, int atOnce = UsualSteps)
    {
        var one = new GoldenCase(network.Name, network, density, batch) { Steps = 500_000, Batches = Batches };
        TrainingTask task = one.Task();
        long steps = 0;
        double seconds = 0;
        using var ready = new Barrier(trainings);
        var watch = new Stopwatch();
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, trainings).Select(_ => new Thread(Train))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        if (failures.TryDequeue(out Exception? failure)) throw failure is UserException ? failure : new InvalidOperationException("A training failed.", failure);
        return steps / seconds;

        void Train()
        {
            ITrainingEngine? engine = null;
            try
            {
                try
                {
                    engine = device.Begin(task, new(task.Data, task.Seed, batch, 0), 1);
                }
                finally
                {
                    ready.SignalAndWait();
                }
                var losses = new double[atOnce];
                int step = engine.Train(0, losses);
                ready.SignalAndWait();
                lock (watch) watch.Start();
                long own = 0;
                while (watch.Elapsed < most)
                {
                    int done = engine.Train(step, losses);
                    (step, own) = (step + done, own + done);
                }
                Interlocked.Add(ref steps, own);
                lock (watch) seconds = watch.Elapsed.TotalSeconds;
            }
            catch (Exception exception)
            {
                failures.Enqueue(exception);
                ready.RemoveParticipant();
            }
            finally
            {
                engine?.Dispose();
            }
        }
    }

    /// <summary>Milliseconds of a step: the median over groups of fifty, after one that is not counted.</summary>
    /// <inheritdoc cref="StepsPerSecond"/>
    public static double Milliseconds(Network network, int batch, double density, ITrainingDevice device, TimeSpan most, int atOnce = UsualSteps)
    {
        var one = new GoldenCase(network.Name, network, density, batch) { Steps = 50_000, Batches = Batches };
        TrainingTask task = one.Task();
        using ITrainingEngine engine = device.Begin(task, new(task.Data, task.Seed, batch, 0), Environment.ProcessorCount);
        var losses = new double[atOnce];
        int step = 0;
        Train();
        List<double> times = [];
        for (var all = Stopwatch.StartNew(); times.Count < 20 && (all.Elapsed < most || times.Count == 0);)
        {
            var watch = Stopwatch.StartNew();
            int steps = Train();
            times.Add(watch.Elapsed.TotalMilliseconds / steps);
        }
        return times.Order().ElementAt(times.Count / 2);

        int Train()
        {
            int done = 0;
            while (done < atOnce) done += engine.Train(step + done, losses.AsSpan(done));
            step += done;
            return done;
        }
    }
}
