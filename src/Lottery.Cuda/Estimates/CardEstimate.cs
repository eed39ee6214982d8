using System.Numerics;
using Lottery.Cuda.Driver;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Cuda.Estimates;

/// <summary>A run whose time is estimated.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Parent">The id of the run that it waits for; null for none.</param>
/// <param name="Run">The run.</param>
/// <param name="Train">The examples of its data set.</param>
/// <param name="Tested">Examples in the test set.</param>
/// <param name="IsFrozen">True if pruned weights have values other than zero.</param>
/// <param name="MaskAt">A mask that keeps as many weights as the run's condition does at a level.</param>
internal sealed record EstimatedRun(string Id, string? Parent, RunSpecification Run, Examples Train, int Tested, bool IsFrozen, Func<int, Mask> MaskAt);

/// <summary>
/// How long a card takes for runs, before any is measured: counted work times rates. What a processor does for each run, pruning it and
/// writing it to the disk, is not in it.
/// </summary>
/// <param name="Card">The card.</param>
/// <param name="Seconds">The time.</param>
/// <param name="AtOnce">How many runs are trained at once, at most.</param>
/// <param name="OnProcessor">Runs for which it has no kernels or too little memory, which are not counted.</param>
internal sealed record CardEstimate(Card Card, double Seconds, int AtOnce, int OnProcessor)
{
    /// <summary>Up to this level, each has a plan of its own; above it, levels that are powers of two have, and others lie between.</summary>
    private const int LastExact = 4;

    /// <summary>Memory that is left to the driver and to examples.</summary>
    private const double MemoryForRuns = 0.9;

    /// <summary>Estimates.</summary>
    /// <param name="card">The card.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="jobs">The most runs at once; null for as many as there are multiprocessors.</param>
    public static CardEstimate Of(Card card, IReadOnlyCollection<EstimatedRun> runs, int? jobs)
    {
        var works = new Dictionary<Demand, CardWork?>();
        var rates = CardRates.Of(card);
        var ends = new Dictionary<string, double>();
        double busy = 0, alone = 0;
        long largest = 1;
        int left = 0;
        foreach (EstimatedRun run in runs.OrderBy(run => run.Run.Level).ThenBy(run => run.Run.Control == Control.None ? 0 : 1))
        {
            if (TimeOf(run) is not var (time, bytes) || bytes > MemoryForRuns * card.TotalBytes)
            {
                left++;
                continue;
            }
            (busy, alone, largest) = (busy + time.Busy, alone + time.Alone, Math.Max(largest, bytes));
            ends[run.Id] = time.Alone + (run.Parent is { } parent ? ends.GetValueOrDefault(parent) : 0);
        }
        int atOnce = (int)Math.Clamp(MemoryForRuns * card.TotalBytes / largest, 1, Math.Max(1, Math.Min(jobs ?? card.Multiprocessors, ends.Count)));
        return new(card, Math.Max(busy, Math.Max(alone / atOnce, ends.Values.DefaultIfEmpty().Max())), atOnce, left);

        (CardTime Time, long Bytes)? TimeOf(EstimatedRun run)
        {
            int level = run.Run.Level, below = level <= LastExact ? level : 1 << BitOperations.Log2((uint)level);
            if (At(below) is not { } work) return null;
            if (level == below) return (Total(run, work), work.Bytes);
            if (At(2 * below) is not { } deeper) return null;
            // Each level keeps a fixed fraction of the one before.
            double part = (double)(level - below) / below;
            return (new(Between(work, deeper, one => one.Busy), Between(work, deeper, one => one.Waiting)), work.Bytes);

            double Between(CardWork from, CardWork to, Func<CardTime, double> of)
            {
                (double a, double b) = (of(Total(run, from)), of(Total(run, to)));
                return a <= 0 ? b : a * Math.Pow(b / a, part);
            }

            CardWork? At(int of)
            {
                RunSpecification one = run.Run;
                var demand = new Demand(one.Network.Description, of, one.Training.Batch, one.Training.Optimizer.GetType().Name, run.IsFrozen, one.Supermask,
                    one.Prune?.Rates, one.Prune?.Threshold, one.Prune?.Scope, one.Data.Sha256, one.Data.Scale, one.Data.Augment);
                if (!works.TryGetValue(demand, out CardWork? known)) works[demand] = known = CardWork.Of(one, run.MaskAt(of), run.IsFrozen, run.Train, rates, card.SharedBytes);
                return known;
            }
        }
    }

    /// <summary>Steps, evaluations, and the tests of the best and of the final weights.</summary>
    private static CardTime Total(EstimatedRun run, CardWork work)
    {
        TrainingSpecification training = run.Run.Training;
        int steps = training.Steps - run.Run.FirstStep, masks = run.Run.Supermask is null ? 1 : 11, trainedOn = training.Measurements.TrainingSample ?? run.Train.Count;
        double evaluations = 1 + Math.Ceiling((double)steps / training.Evaluate);
        return steps * work.Step + evaluations * work.Evaluation(run.Run.Data.Validation)
            + 2 * masks * (work.Evaluation(run.Tested) + work.Evaluation(trainedOn)) + masks * training.Measurements.TestAt.Length * work.Evaluation(run.Tested);
    }

    /// <summary>What the work depends on.</summary>
    private sealed record Demand(
        string Network, int Level, int Batch, string Optimizer, bool IsFrozen, SupermaskSpecification? Supermask, PruneRates? Rates, double? Threshold,
        PruneScope? Scope, string Data, Scaling Scale, Augmentation Augment);
}
