using System.Collections.Immutable;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;

namespace Lottery.Bench.Measurements;

/// <summary>A real iterated search, short: its masks and weights are what steps and kernels are timed on.</summary>
/// <param name="Data">MNIST: 55,000 images to train on, 5,000 to validate.</param>
/// <param name="Levels">A run a level, dense first.</param>
internal sealed record RealSearch(SplitDataset Data, ImmutableArray<RunResult> Levels)
{
    public const ulong Seed = 1;
    public const int Batch = 60, Validation = 5_000, StepsInEpoch = 916, LastLevel = 20;

    public static RealSearch Run(Dataset mnist, int steps, int levels = LastLevel)
    {
        SplitDataset data = mnist.Split(Validation, Seed);
        var search = new TicketSearch(Network.Lenet300100, data)
        {
            Pruning = new() { Levels = levels },
            Training = new() { Batch = Batch, Steps = steps, Evaluate = steps },
        };
        return new(data, [.. search.Run(Seed).Select(level => level.Ticket)]);
    }

    /// <summary>The level whose density is nearest.</summary>
    public RunResult Nearest(double density) => Levels.MinBy(level => Math.Abs(Math.Log(level.Mask.Density / density)))!;
}
