using System.Diagnostics;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Bench.Measurements;

/// <summary>Lottery's training steps as a run takes them, batch assembly and epoch order included.</summary>
internal sealed class OwnSteps : IDisposable
{
    private readonly Trainer _trainer;

    private OwnSteps(Mask mask, Weights start, Optimizer optimizer, SplitDataset data)
    {
        var training = new TrainingSpecification
        {
            Optimizer = optimizer, Batch = RealSearch.Batch, Steps = int.MaxValue, Evaluate = int.MaxValue,
        };
        _trainer = new(
            new() { Mask = mask, Start = start, Training = training, Data = data, Seed = RealSearch.Seed }, CpuDevice.Default);
        _trainer.Advance(); // the evaluation of step 0
    }

    /// <summary>The steps of a level from its start.</summary>
    public static OwnSteps Of(RunResult level, SplitDataset data) =>
        new(level.Mask, level.Initial, Optimizer.Adam(1.2e-3), data);

    /// <summary>
    /// The same work with no zero in it, neither in the images nor in a unit's output nor in a gradient: small weights,
    /// biases that keep every unit awake, and a learning rate of 0 so that it stays so.
    /// </summary>
    public static OwnSteps WithoutZeros(RunResult level, SplitDataset data)
    {
        Examples train = data.Dataset.Train;
        byte[] pixels = train.Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++) pixels[i] |= 1;
        Weights start = level.Initial.Clone();
        for (int i = 0; i < start.Network.Parameters.Length; i++)
        {
            if (start.Network.Parameters[i].Prunable)
                foreach (ref float weight in start[i]) weight *= 0.01f;
            else start[i].Fill(1);
        }
        return new(level.Mask, start, Optimizer.Adam(0),
            data with { Dataset = data.Dataset with { Train = train with { Pixels = pixels } } });
    }

    /// <summary>Trains; the mean loss of all steps so far.</summary>
    public double Check(int steps)
    {
        Time(steps);
        Checkpoint place = _trainer.Checkpoint();
        return place.LossSum / place.Step;
    }

    /// <summary>Trains; the seconds it took.</summary>
    public double Time(int steps)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++) _trainer.Advance();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Trains; the bytes that were allocated.</summary>
    public long Allocate(int steps)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < steps; i++) _trainer.Advance();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    public void Dispose() => _trainer.Dispose();
}
