using Lottery.Actions;
using Lottery.Data;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Samples;

/// <summary>The examples of docs/tour.md, compiled as a user of the library compiles them: without anything internal.</summary>
internal static class TourExample
{
    public static void Search()
    {
        // example
        SplitDataset data = Dataset.Load("fashion-mnist").Split(validation: 5_000, seed: 1);
        var search = new TicketSearch(Network.Lenet300100, data)
        {
            Criterion = Criterion.LargeFinal,
            Pruning = new() { Levels = 6, Fc = 0.36m, Output = 0.19m },
            Training = new() { Optimizer = Optimizer.Adam(1.2e-3), Batch = 60, Steps = 1_800 },
            Controls = [Control.Reinit],
        };
        foreach (Level level in search.Run(seed: 1))
            Console.WriteLine($"{level.Density,8:P2}  {level.Accuracy:P2} at step {level.EarlyStop}");
        // end
    }

    public static void Supermask(SplitDataset data)
    {
        // example
        var supermasks = new TicketSearch(Network.Lenet300100, data)
        {
            Criterion = Criterion.LargeFinalSameSign,
            Mask1 = Mask1.ConstantSameSign,
            Pruning = new() { Levels = 8, Fc = 0.36m, Output = 0.19m, Untrained = true },
            Training = new() { Steps = 5_500 },
        };
        Level best = supermasks.Run(seed: 1).Skip(1).MaxBy(level => level.Accuracy)!;
        Console.WriteLine($"{best.Density:P1} of the weights, never trained: {best.Accuracy:P1}");
        // end
    }

    public static void LearnedSupermask(SplitDataset data)
    {
        // example
        var learned = new SupermaskSearch(Network.Lenet300100, data)
        {
            Supermask = new() { Weights = SupermaskWeights.SignedConstant, Rescale = true },
            Training = new() { Optimizer = SupermaskSearch.PaperOptimizer, Batch = SupermaskSearch.PaperBatch, Steps = 11_000 },
        };
        RunResult masked = learned.Run(seed: 1);
        Console.WriteLine($"{masked.Mask.Density:P1} kept, no weight trained: {masked.Accuracy:P1}");
        // end
    }

    public static TicketSearch OwnCriterion(SplitDataset data)
    {
        // example
        var search = new TicketSearch(Network.Lenet300100, data)
        {
            Criterion = new Growth(), // or, without a class: Criterion.Get("abs(wf) - 0.5*abs(wi)")
            Pruning = new() { Levels = 6 },
            Training = new() { Steps = 1_800 },
        };
        // end
        return search;
    }

    // example
    /// <summary>Keeps weights that end far from zero, and more so if they started near it.</summary>
    private sealed record Growth() : WeightCriterion("growth")
    {
        public override double Score(double initial, double final) => Math.Abs(final) - 0.5 * Math.Abs(initial);
    }
    // end
}
