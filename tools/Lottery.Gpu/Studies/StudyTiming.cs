using System.Collections.Concurrent;
using System.Diagnostics;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Estimates;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Training;

namespace Lottery.Gpu.Studies;

/// <summary>What a part of a study took, and what the whole would.</summary>
/// <param name="Runs">Runs that were trained for a part of their steps, and tested.</param>
/// <param name="Steps">Steps that were trained.</param>
/// <param name="Seconds">The time of it all.</param>
/// <param name="WholeSeconds">The extrapolated time of the whole study.</param>
/// <param name="AtOnce">Trainings at once, at most.</param>
internal sealed record StudyTime(int Runs, long Steps, double Seconds, double WholeSeconds, int AtOnce);

/// <summary>
/// Trains each run of a study for a part of its steps, with its evaluations and with its tests at the end, as many at once as the executor
/// would: a level after the one that it comes from, at most as many as the card has multiprocessors.
/// </summary>
/// <remarks>
/// A run's steps and evaluations are taken to last as many times as long as there are more of them; beginning it and testing it are taken as they
/// are. The whole study lasts as long as its longest search, or, with more searches than are trained at once, as their sum, divided.
/// </remarks>
internal static class StudyTiming
{
    /// <summary>Trains and extrapolates.</summary>
    /// <param name="study">The study.</param>
    /// <param name="device">Where.</param>
    /// <param name="most">The most trainings at once.</param>
    public static StudyTime Run(TimedStudy study, ITrainingDevice device, int most)
    {
        SplitDataset data = MadeUpData.Repeated(study.Network, study.Examples);
        int searches = study.Replicates * study.Criteria, atOnce = Math.Min(most, searches);
        var clock = Stopwatch.StartNew();
        using var places = new SemaphoreSlim(atOnce);
        var failures = new ConcurrentQueue<Exception>();
        var dense = new Lazy<double>[study.Replicates];
        long steps = 0;
        int runs = 0;
        for (int replicate = 0; replicate < study.Replicates; replicate++)
        {
            ulong seed = (ulong)replicate;
            dense[replicate] = new(() => Train(0, seed));
        }
        var whole = new double[searches];
        Thread[] threads = [.. Enumerable.Range(0, searches).Select(search => new Thread(() => Search(search)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        if (failures.TryDequeue(out Exception? failure)) throw failure is UserException ? failure : new InvalidOperationException("A training failed.", failure);
        double sum = whole.Sum() - (study.Criteria - 1) * dense.Sum(one => one.Value);
        return new(runs, steps, clock.Elapsed.TotalSeconds, Math.Max(whole.Max(), sum / atOnce), atOnce);

        void Search(int search)
        {
            try
            {
                whole[search] = dense[search / study.Criteria].Value;
                for (int level = 1; level <= study.Levels && failures.IsEmpty; level++) whole[search] += Train(level, (ulong)search);
            }
            catch (Exception exception)
            {
                failures.Enqueue(exception);
            }
        }

        // Returns the seconds that the whole run would take.
        double Train(int level, ulong seed)
        {
            places.Wait();
            try
            {
                var watch = Stopwatch.StartNew();
                using var trainer = new Trainer(Task(study, data, level, seed), device);
                TimeSpan begun = watch.Elapsed;
                int part = Math.Max(1, study.Training.Steps / study.Part);
                while (!trainer.Finished && trainer.Step < part && (trainer.Step < study.Training.Evaluate || clock.Elapsed < study.Most)) trainer.Advance();
                TimeSpan trained = watch.Elapsed - begun;
                int done = trainer.Step;
                trainer.Finish();
                Interlocked.Add(ref steps, done);
                Interlocked.Increment(ref runs);
                return (watch.Elapsed - trained).TotalSeconds + trained.TotalSeconds * study.Training.Steps / done;
            }
            finally
            {
                places.Release();
            }
        }
    }

    /// <summary>What the whole study is estimated to take, by counted work.</summary>
    public static CardEstimate Estimate(TimedStudy study, Card card)
    {
        SplitDataset data = MadeUpData.Repeated(study.Network, study.Examples);
        var masks = new Dictionary<int, Mask>();
        EstimatedRun Of(int replicate, int search, int level) => new(
            level == 0 ? $"{replicate}" : $"{replicate} {search} {level}", level == 0 ? null : level == 1 ? $"{replicate}" : $"{replicate} {search} {level - 1}",
            new()
            {
                Network = study.Network, Data = data.Specification, Seed = (ulong)replicate, Training = study.Training, Level = level,
                Prune = level == 0 ? null : new() { Criterion = "large-final", Rates = study.Rates },
            },
            data.Dataset.Train, data.Dataset.Test.Count, IsFrozen: false, at => masks.TryGetValue(at, out Mask? known) ? known : masks[at] = study.MaskOf(at, 0));
        return CardEstimate.Of(card,
        [
            .. from replicate in Enumerable.Range(0, study.Replicates) select Of(replicate, 0, 0),
            .. from replicate in Enumerable.Range(0, study.Replicates)
               from search in Enumerable.Range(0, study.Criteria)
               from level in Enumerable.Range(1, study.Levels)
               select Of(replicate, search, level),
        ], jobs: null);
    }

    private static TrainingTask Task(TimedStudy study, SplitDataset data, int level, ulong seed)
    {
        Mask mask = study.MaskOf(level, seed);
        Weights start = InitialWeights.Sample(study.Network, seed);
        for (int p = 0; p < study.Network.Parameters.Length; p++)
            for (int i = 0; mask[p] is { } kept && i < kept.Length; i++)
                if (!kept[i]) start[p][i] = 0;
        return new() { Mask = mask, Start = start, Data = data, Seed = seed, Training = study.Training };
    }
}
