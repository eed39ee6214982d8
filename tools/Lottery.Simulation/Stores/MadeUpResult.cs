using System.Collections.Immutable;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.Simulation.Stores;

/// <summary>Results that no training gave, of the form and with the hashes of real ones: <c>runs verify</c> finds nothing wrong with them.</summary>
internal static class MadeUpResult
{
    /// <summary>The result of a run whose seed gives its initial weights.</summary>
    public static RunResult Of(RunSpecification run)
    {
        var mask = new Mask(run.Network, [.. run.Network.Parameters.Select(parameter => parameter.Prunable ? Bits(run, parameter) : null)]);
        Weights initial = StartingWeights.Of(run, mask), best = Trained(initial, mask, 1.5f), final = Trained(initial, mask, 2f);
        double accuracy = Accuracy(run), loss = 1.2 * (1 - accuracy);
        ImmutableArray<Evaluation> evaluations = Evaluations(run, accuracy);
        return new()
        {
            Specification = run, Mask = mask, Initial = initial, Best = best, Final = final,
            Evaluations = evaluations,
            BatchOrders = [new string('b', 64)],
            Metrics = new()
            {
                EarlyStopStep = evaluations.MinBy(at => at.Loss)!.Step, InitialAccuracy = 1.0 / 3, InitialLoss = 1.1,
                Accuracy = accuracy, Loss = loss, FinalAccuracy = accuracy, FinalLoss = loss, TrainingAccuracy = accuracy, FinalTrainingAccuracy = accuracy,
                Seconds = 0.8, EvaluationSeconds = 0.2, TotalSeconds = 1.1,
            },
            Pruning = !run.IsPruned ? PruningMetrics.None : PruningMetrics.None with
            {
                Thresholds = run.Network.Parameters.Where(parameter => parameter.Prunable)
                    .Aggregate(PruningMetrics.None.Thresholds, (all, parameter) => all.Add(parameter.Name, 0.01 * run.Level)),
            },
        };
    }

    /// <summary>Falls with the level, faster for controls, and varies with the seed.</summary>
    private static double Accuracy(RunSpecification run)
    {
        double noise = new RandomStream(run.Seed, $"accuracy/{run.Level}/{run.Control}/{run.Prune?.Criterion}/{run.Training.Optimizer}").Uniform(0);
        return 0.97 - 0.001 * run.Level * run.Level * (run.Control == Control.None ? 1 : 2) + 0.02 * (noise - 0.5);
    }

    private static ImmutableArray<Evaluation> Evaluations(RunSpecification run, double accuracy)
    {
        int count = 1 + run.Training.Steps / run.Training.Evaluate;
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                double learned = 1 - Math.Exp(-6.0 * i / count);
                return new Evaluation(i * run.Training.Evaluate, 1.1 - learned * accuracy + 0.1 * i / count, 1.0 / 3 + learned * (accuracy - 1.0 / 3), i == 0 ? double.NaN : 1.1 - learned);
            }),
        ];
    }

    private static BitSet Bits(RunSpecification run, Parameter parameter)
    {
        var kept = new BitSet(parameter.Count);
        var stream = new RandomStream(run.Seed, "mask/" + parameter.Name);
        for (int i = 0; i < parameter.Count; i++) kept[i] = i == 0 || stream.Uniform(i) < Math.Pow(0.8, run.Level);
        return kept;
    }

    private static Weights Trained(Weights initial, Mask mask, float factor)
    {
        Weights trained = initial.Clone();
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            for (int i = 0; i < trained[p].Length; i++)
                if (mask[p]?[i] != false) trained[p][i] *= factor;
        return trained;
    }
}
