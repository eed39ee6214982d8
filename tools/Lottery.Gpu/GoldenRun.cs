using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lottery.Networks;
using Lottery.Training;

namespace Lottery.Gpu;

/// <summary>One training on two devices, side by side.</summary>
internal static class GoldenRun
{
    /// <summary>What came out.</summary>
    /// <param name="Hash">The start of SHA-256 over all that the processor's training left.</param>
    /// <param name="Difference">The first thing that differs; null if all bits are the same.</param>
    internal readonly record struct Outcome(string Hash, string? Difference);

    /// <summary>
    /// Trains on both, compares each step's loss, then evaluations, tests and everything that a checkpoint holds; then each goes on from
    /// the other's checkpoint.
    /// </summary>
    public static Outcome Compare(GoldenCase one, ITrainingDevice processor, ITrainingDevice card, int threads)
    {
        TrainingTask task = one.Task();
        Checkpoint[] states = new Checkpoint[2];
        var losses = new double[one.Steps];
        using (ITrainingEngine here = Begin(task, processor, threads), there = Begin(task, card, 1))
        {
            string? difference = Steps(here, there, one.FirstStep, one.Steps, losses) ?? Measures(task, here, there, one.FirstStep + one.Steps);
            states = [Store(here, one), Store(there, one)];
            string hash = HashOf(states[0], losses);
            if ((difference ?? Tensors(states[0], states[1])) is { } early) return new(hash, early);
        }
        using (ITrainingEngine here = Begin(task, processor, threads), there = Begin(task, card, 1))
        {
            here.Restore(states[1]);
            there.Restore(states[0]);
            string? difference = Steps(here, there, one.FirstStep + one.Steps, one.Steps, losses);
            states = [Store(here, one), Store(there, one)];
            difference ??= Tensors(states[0], states[1]);
            return new(HashOf(states[0], losses), difference is null ? null : "resumed: " + difference);
        }
    }

    private static ITrainingEngine Begin(TrainingTask task, ITrainingDevice device, int threads) =>
        device.Begin(task, new(task.Data, task.Seed, task.Training.Batch, task.FirstStep), threads);

    private static string? Steps(ITrainingEngine here, ITrainingEngine there, int first, int count, double[] losses)
    {
        var others = new double[count];
        Train(here, first, losses);
        Train(there, first, others);
        for (int i = 0; i < count; i++)
            if (!Same(losses[i], others[i])) return $"loss of step {first + i}: {Text(losses[i])} and {Text(others[i])}";
        return null;
    }

    private static void Train(ITrainingEngine engine, int first, Span<double> losses)
    {
        for (int done = 0; done < losses.Length;) done += engine.Train(first + done, losses[done..]);
    }

    private static string? Measures(TrainingTask task, ITrainingEngine here, ITrainingEngine there, int step)
    {
        Evaluation one = here.Evaluate(step), other = there.Evaluate(step);
        if (!Same(one.Loss, other.Loss) || !Same(one.Accuracy, other.Accuracy) || one.Kept != other.Kept)
            return $"evaluation: loss {Text(one.Loss)} and {Text(other.Loss)}, accuracy {Text(one.Accuracy)} and {Text(other.Accuracy)}";
        int[] all = [.. Enumerable.Range(0, task.Data.Dataset.Test.Count)];
        (TestMetrics test, TestMetrics? thresholded) = here.Test(task.Data.Dataset.Test, all);
        (TestMetrics otherTest, TestMetrics? otherThresholded) = there.Test(task.Data.Dataset.Test, all);
        if (test != otherTest || thresholded != otherThresholded) return $"test: {test} and {otherTest}";
        return here.CountNotFinite() != there.CountNotFinite() ? "values that are not finite" : null;
    }

    private static Checkpoint Store(ITrainingEngine engine, GoldenCase one) => engine.Store(new()
    {
        Step = one.FirstStep + one.Steps, Evaluations = [], BatchOrders = [], LossSum = 0, Seconds = 0, EvaluationSeconds = 0,
    });

    private static string? Tensors(Checkpoint here, Checkpoint there)
    {
        TrainedTensors one = Of(here), other = Of(there);
        (string Name, Weights Here, Weights There)[] pairs =
        [
            ("values", one.Current, other.Current), ("best values", one.Best, other.Best),
            .. one.Moments.Zip(other.Moments, (a, b) => ("moments", a, b)),
        ];
        foreach ((string name, Weights a, Weights b) in pairs)
            for (int p = 0; p < a.Network.Parameters.Length; p++)
            {
                ReadOnlySpan<int> first = MemoryMarshal.Cast<float, int>(a[p]), second = MemoryMarshal.Cast<float, int>(b[p]);
                int different = 0;
                for (int i = 0; i < first.Length; i++)
                    if (first[i] != second[i]) different++;
                if (different > 0) return $"{name} of {a.Network.Parameters[p].Name}: {different:N0} of {first.Length:N0}";
            }
        return null;
    }

    private static TrainedTensors Of(Checkpoint checkpoint) => checkpoint.Weights ?? checkpoint.Scores!;

    private static string HashOf(Checkpoint checkpoint, double[] losses)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(losses.AsSpan()));
        TrainedTensors trained = Of(checkpoint);
        foreach (Weights weights in (Weights[])[trained.Current, .. trained.Moments])
            for (int p = 0; p < weights.Network.Parameters.Length; p++) hash.AppendData(MemoryMarshal.AsBytes(weights[p]));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static bool Same(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
