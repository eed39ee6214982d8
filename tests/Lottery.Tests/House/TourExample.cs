using Lottery.Data;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.Tests.House;

/// <summary>The example of docs/tour.md, so that it compiles; <see cref="DocumentTests"/> compares the two.</summary>
internal static class TourExample
{
    public static void Run()
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
}
