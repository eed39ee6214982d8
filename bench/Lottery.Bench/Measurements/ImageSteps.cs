using System.Diagnostics;
using Lottery.Data;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Bench.Measurements;

/// <summary>Lottery's training steps of a network on images, batch assembly and epoch order included.</summary>
internal sealed class ImageSteps : IDisposable
{
    private const int Images = 2_000, Pixels = 3 * 32 * 32;
    private readonly Trainer _trainer;

    /// <summary>Random images of CIFAR-10's shape.</summary>
    public static SplitDataset Data { get; } = RandomImages();

    public ImageSteps(Mask mask, Weights start, int threads)
    {
        bool residual = mask.Network.Name.StartsWith("resnet", StringComparison.Ordinal);
        var training = new TrainingSpecification
        {
            Optimizer = residual ? Optimizer.Sgd(0.1, momentum: 0.9, weightDecay: 1e-4) : Optimizer.Adam(2e-4),
            Batch = residual ? 128 : 60, Steps = int.MaxValue, Evaluate = int.MaxValue,
        };
        _trainer = new(
            new() { Mask = mask, Start = Masked(start, mask), Training = training, Data = Data, Seed = 1 }, CpuDevice.Default, threads);
        _trainer.Advance(); // the evaluation of step 0
    }

    /// <summary>The weights of a short dense training: what masks are cut from.</summary>
    public static Weights Train(Network network, int steps, int threads)
    {
        using var dense = new ImageSteps(Mask.Full(network), InitialWeights.Sample(network, 1), threads);
        dense.Time(steps);
        return dense._trainer.Checkpoint().Weights!.Current;
    }

    /// <summary>The mask that keeps the largest of <paramref name="final"/>, one-shot, as many as <paramref name="rates"/> leave at a level.</summary>
    public static Mask Cut(Weights final, PruneRates rates, int level) => level == 0
        ? Mask.Full(final.Network)
        : Pruner.CutTo(Mask.Full(final.Network), InitialWeights.Sample(final.Network, 1), final, Criterion.LargeFinal, rates, PruneScope.Layer, 1, level).Mask;

    /// <summary>Trains; the seconds it took.</summary>
    public double Time(int steps)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++) _trainer.Advance();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _trainer.Dispose();

    /// <summary>Weights whose pruned ones are zero.</summary>
    public static Weights Masked(Weights weights, Mask mask)
    {
        Weights masked = weights.Clone();
        for (int i = 0; i < mask.Network.Parameters.Length; i++)
            for (int k = 0; mask[i] is { } kept && k < kept.Length; k++)
                if (!kept[k]) masked[i][k] = 0;
        return masked;
    }

    private static SplitDataset RandomImages()
    {
        var random = new RandomStream(1, "bench/images");
        var pixels = new byte[Images * Pixels];
        var labels = new byte[Images];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)random.Below(i, 256);
        for (int i = 0; i < labels.Length; i++) labels[i] = (byte)random.Below((long)pixels.Length + i, 10);
        var examples = new Examples(pixels, labels, Pixels) { Shape = new(3, 32, 32) };
        return Dataset.Create("random", 10, examples, examples).Split(64, 1);
    }
}
