using System.Collections.Immutable;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Store;
using Lottery.Training;

namespace Lottery.TestSupport.Samples;

/// <summary>Made-up runs of a tiny network, untrained: input for tests of the store.</summary>
internal static class MadeUp
{
    public static Network Tiny { get; } = NetworkCatalogue.Get("mlp:7-5-3");

    public static RunSpecification Dense(ulong seed = 1, Network? network = null) => new()
    {
        Network = network ?? Tiny,
        Data = new() { Sha256 = new string('a', 64), Validation = 5_000 },
        Seed = seed,
        Training = new() { Steps = 300 },
    };

    public static RunSpecification Next(
        RunSpecification parent, Control control = Control.None, string criterion = "large-final") => parent with
    {
        Level = control == Control.None ? parent.Level + 1 : parent.Level,
        Control = control,
        Parent = parent,
        Prune = new()
        {
            Criterion = criterion,
            Rates = new(0.1m, 0.20m, 0.10m),
        },
        Actions = new("rewind", "zero", 0),
    };

    /// <summary>The initial weights of every made-up run: from the seed, zero where pruned.</summary>
    public static Weights Initial(RunSpecification run, Mask mask) => Random(run, mask, "initial", null);

    public static RunResult Result(RunSpecification run)
    {
        Mask mask = MaskOf(run);
        Weights initial = Initial(run, mask);
        return new()
        {
            Specification = run,
            Mask = mask,
            Initial = initial,
            Best = Random(run, mask, "best", initial),
            Final = Random(run, mask, "final", initial),
            Evaluations =
            [
                new(0, 2.3, 0.1, double.NaN), new(100, 0.1 + 0.2, 0.9, 1.1),
                new(200, 0.35, 0.91, 0.2), new(300, 0.4, 0.92, 0.1),
            ],
            BatchOrders = [new string('b', 64), new string('c', 64)],
            Metrics = new()
            {
                EarlyStopStep = 100,
                TrainingAccuracy = 0.95,
                FinalTrainingAccuracy = 0.99,
                InitialAccuracy = 0.1,
                InitialLoss = 2.3,
                Accuracy = 0.9,
                Loss = 0.31,
                FinalAccuracy = 0.915,
                FinalLoss = double.PositiveInfinity,
                Seconds = 1.25,
                EvaluationSeconds = 0.5,
                TotalSeconds = 2.0,
            },
            Pruning = run.IsPruned
                ? new()
                {
                    Thresholds = PruningMetrics.None.Thresholds.Add(run.Network.Parameters.First(parameter => parameter.Prunable).Name, 0.1),
                    KeptLast = [run.Network.Parameters.Last(parameter => parameter.Prunable).Name],
                }
                : PruningMetrics.None,
        };
    }

    /// <summary>The summary of a run that no store has.</summary>
    public static RunSummary Summary(
        string id, string network, ulong seed, int level, double density, double accuracy, Control control = Control.None,
        string criterion = "large-final", int steps = 1_000, int earlyStopStep = 900) => new()
    {
        Id = id,
        Specification = Dense(seed, NetworkCatalogue.Get(network)) with
        {
            Level = level,
            Control = control,
            Training = new() { Steps = steps },
            Prune = level == 0 ? null : new() { Criterion = criterion, Rates = new(0.1m, 0.20m, 0.10m) },
            Actions = level == 0 ? null : new("rewind", "zero", 0),
        },
        Parent = null,
        Ticket = null,
        Data = "mnist",
        Weights = 1_000_000,
        Kept = (int)Math.Round(density * 1_000_000),
        Metrics = Result(Dense()).Metrics with { Accuracy = accuracy, FinalAccuracy = 0.9, EarlyStopStep = earlyStopStep },
        Pruning = PruningMetrics.None,
        Kernels = ImmutableSortedDictionary<string, int>.Empty,
        Started = new(2026, 1, 2, 3, 4, 3, TimeSpan.Zero),
        Ended = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Version = "0.1.0",
        Dotnet = "10.0.0",
        Processor = "a processor",
    };

    /// <summary>Finishes a run in a store that does not have it.</summary>
    public static void Keep(IRunStore store, RunSpecification run)
    {
        using IRunSession session = store.Begin(run, CancellationToken.None);
        Assert.Null(session.Finished);
        session.Finish(Result(run));
    }

    public static Checkpoint Checkpoint(RunSpecification run, int step)
    {
        RunResult result = Result(run);
        return new()
        {
            Step = step,
            Weights = new(result.Final, result.Best, [result.Best, result.Initial]),
            Evaluations = [.. result.Evaluations.Where(evaluation => evaluation.Step <= step)],
            BatchOrders = result.BatchOrders,
            LossSum = 0.1 * step,
            Seconds = 3.5,
            EvaluationSeconds = 1.5,
        };
    }

    /// <summary>A level keeps two thirds of the level before; a control keeps its ticket's weights.</summary>
    public static Mask MaskOf(RunSpecification run)
    {
        var bits = ImmutableArray.CreateBuilder<BitSet?>();
        foreach (Parameter parameter in run.Network.Parameters)
        {
            if (!parameter.Prunable)
            {
                bits.Add(null);
                continue;
            }
            var kept = new BitSet(parameter.Count);
            var stream = new RandomStream(run.Seed, "mask/" + parameter.Name);
            for (int i = 0; i < parameter.Count; i++) kept[i] = stream.Uniform(i) < Math.Pow(2.0 / 3.0, run.Level);
            bits.Add(kept);
        }
        return new(run.Network, bits.ToImmutable());
    }

    private static Weights Random(RunSpecification run, Mask mask, string name, Weights? frozen)
    {
        var weights = new Weights(run.Network);
        for (int p = 0; p < run.Network.Parameters.Length; p++)
        {
            var stream = new RandomStream(run.Seed, $"{name}/{(name == "initial" ? 0 : run.Level)}/{run.Control}/{p}");
            for (int i = 0; i < weights[p].Length; i++)
                weights[p][i] = mask[p]?[i] == false ? frozen?[p][i] ?? 0 : (float)stream.Normal(i);
        }
        return weights;
    }
}
