using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;

namespace Lottery.SystemTests.Search;

/// <summary>A short search on the real thing, where it is to be found.</summary>
public sealed class MnistTests
{
    private static readonly Lazy<SplitDataset?> s_data = new(() =>
        DatasetLocator.FromEnvironment().Find(KnownSet.Find("mnist")!) is null ? null : Dataset.Load("mnist").Split(5000, 1));

    [Fact]
    public void A_short_search_learns_and_prunes()
    {
        Level[] levels = [.. Search(steps: 200, new() { Levels = 1, Fc = 0.8m, Output = 0.4m }).Run(1)];
        Assert.InRange(levels[0].Accuracy, 0.88, 0.97);
        Assert.InRange(levels[1].Accuracy, 0.85, 0.97);
        Assert.Equal(47_040 + 6_000 + 600, levels[1].Ticket.Mask.Kept);
        Mask mask = levels[1].Ticket.Mask;
        for (int p = 0; p < 6; p += 2)
            for (int k = 0; k < mask[p]!.Length; k++)
            {
                if (mask[p]![k]) continue;
                Assert.Equal(0u, BitConverter.SingleToUInt32Bits(levels[1].Ticket.Best[p][k]));
                Assert.Equal(0u, BitConverter.SingleToUInt32Bits(levels[1].Ticket.Final[p][k]));
            }
    }

    [Fact]
    public void Fifty_steps_have_the_bits_of_old() => Assert.Equal(
        "308ae60daecd612686ae9beb9fa39734cdd568d6a027a0c33350928feb5be9c9",
        Fingerprint.Of(Search(steps: 50, new() { Levels = 1, Fc = 0.9m, Output = 0.9m }).Results()));

    [Fact]
    public void The_hash_that_plans_use_without_the_files_is_theirs()
    {
        Assert.SkipWhen(s_data.Value is null, "MNIST is not here: set LOTTERY_DATA, or run `lottery data get mnist`.");
        Dataset standIn = KnownSet.Mnist.StandIn(), real = s_data.Value!.Dataset;
        Assert.Equal((real.Sha256, real.Classes, real.Test.Count), (standIn.Sha256, standIn.Classes, standIn.Test.Count));
        Assert.Equal((60_000, real.Train.Shape), (standIn.Train.Count, standIn.Train.Shape));
    }

    private static TicketSearch Search(int steps, PruningSettings pruning)
    {
        Assert.SkipWhen(s_data.Value is null, "MNIST is not here: set LOTTERY_DATA, or run `lottery data get mnist`.");
        return new(Network.Lenet300100, s_data.Value!) { Pruning = pruning, Training = new() { Steps = steps } };
    }
}
