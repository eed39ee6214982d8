using System.Diagnostics;
using Lottery.Networks;
using Lottery.Training;

namespace Lottery.Gpu;

/// <summary>How long steps take.</summary>
internal static class StepTiming
{
    private const int AtOnce = 50;

    /// <summary>The networks and densities that are timed, with the batch of the papers.</summary>
    public static (string Network, int Batch, double[] Densities)[] All { get; } =
    [
        ("lenet-300-100", 60, [1, 0.21, 0.036]),
        ("conv-2", 60, [1, 0.5, 0.2, 0.05, 0.01]),
        ("conv-4", 60, [1, 0.5, 0.2, 0.05, 0.01]),
        ("conv-6", 60, [1, 0.5, 0.2, 0.05, 0.01]),
        ("resnet-20", 128, [1, 0.5, 0.2, 0.05, 0.01]),
        ("vgg-19", 64, [1, 0.2, 0.05]),
    ];

    /// <summary>Milliseconds of a step: the median over groups of fifty, after one that is not counted.</summary>
    public static double Milliseconds(string network, int batch, double density, ITrainingDevice device, TimeSpan most)
    {
        var one = new GoldenCase(network, NetworkCatalogue.Get(network), density, batch) { Steps = 50_000 };
        TrainingTask task = one.Task();
        using ITrainingEngine engine = device.Begin(task, new(task.Data, task.Seed, batch, 0), Environment.ProcessorCount);
        var losses = new double[AtOnce];
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
            while (done < AtOnce) done += engine.Train(step + done, losses.AsSpan(done));
            step += done;
            return done;
        }
    }
}
