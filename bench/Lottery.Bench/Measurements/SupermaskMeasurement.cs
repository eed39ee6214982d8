using System.Diagnostics;
using Lottery.Bench.Peers;
using Lottery.Bench.Timing;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Plans;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Bench.Measurements;

/// <summary>Steps of a learned supermask on LeNet-300-100, batches of 250: ours and PyTorch's in turn, a thread each.</summary>
internal static class SupermaskMeasurement
{
    private const int WarmUp = 220, StepsInRound = 50;
    private const ulong Seed = 1;

    /// <summary>Measures and prints.</summary>
    public static void Run(Dataset mnist, PyTorch? pyTorch, int rounds)
    {
        SplitDataset data = mnist.Split(RealSearch.Validation, Seed);
        Weights weights = InitialWeights.Sample(Network.Lenet300100, Seed);
        using PyTorchSupermasks? theirs = pyTorch is null ? null : new(pyTorch, data, weights, Seed);
        int epoch = data.Training.Length / SupermaskSearch.PaperBatch;
        Console.WriteLine($"An epoch is {epoch} steps of {SupermaskSearch.PaperBatch}; PyTorch: {pyTorch?.Found.ToString() ?? "not here"}\n");
        Console.WriteLine("| | step, ms | sampling | PyTorch's step, ms | epoch, s | PyTorch's | ratio | loss | PyTorch's |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (bool rescaled in (bool[])[false, true]) Row(data, weights, theirs, rescaled, epoch, rounds);
    }

    private static void Row(SplitDataset data, Weights weights, PyTorchSupermasks? theirs, bool rescaled, int epoch, int rounds)
    {
        var supermask = new SupermaskSpecification { Rescale = rescaled };
        var training = new TrainingSpecification
        {
            Optimizer = SupermaskSearch.PaperOptimizer, Batch = SupermaskSearch.PaperBatch, Steps = int.MaxValue, Evaluate = int.MaxValue,
        };
        var task = new TrainingTask
        {
            Mask = Mask.Full(weights.Network), Start = weights, Training = training, Data = data, Seed = Seed, Supermask = supermask,
        };
        using var trainer = new Trainer(task, CpuDevice.Default);
        using var plan = new CompiledPlan(weights.Network, Mask.Full(weights.Network), KernelRegistry.Kernels);
        plan.Load(weights);
        using var mask = new SupermaskParametrization(supermask, training.Optimizer, plan, Seed);
        trainer.Advance(); // the evaluation of step 0
        Time(() => trainer.Advance(), WarmUp);
        double ourLoss = trainer.Checkpoint().LossSum / WarmUp;
        double? theirLoss = theirs?.Check(rescaled, WarmUp);
        Time(() => mask.Sample("step", 0), WarmUp);
        double[][] seconds = Rounds.InTurn(rounds,
        [
            () => Time(() => trainer.Advance(), StepsInRound),
            () => Time(() => mask.Sample("step", 1), StepsInRound),
            .. theirs is null ? Array.Empty<Func<double>>() : [() => theirs.Time(rescaled, StepsInRound)],
        ]);
        double[] step = Array.ConvertAll(seconds, times => Rounds.Median(times) / StepsInRound);
        double? peer = theirs is null ? null : step[2];
        Console.WriteLine(FormattableString.Invariant(
            $"| {(rescaled ? "rescaled" : "not rescaled")} | {1e3 * step[0]:F3} | {step[1] / step[0]:P0} | {1e3 * peer:F2} | {epoch * step[0]:F3} | {epoch * peer:F2} | {peer / step[0]:F1} | {ourLoss:F4} | {theirLoss:F4} |"));
    }

    private static double Time(Action work, int times)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
