using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.UnitTests.Masks;

public class RandomMaskTests
{
    private static readonly Network Net = NetworkCatalogue.Get("mlp:20-10-5");

    [Fact]
    public void HasTheTicketsCountInEachLayer()
    {
        Mask ticket = Ticket(4), random = RandomMask.Like(ticket, 1, 4);
        Assert.NotEqual(ticket, random);
        Assert.Equal(ticket[0]!.Count(), random[0]!.Count());
        Assert.Equal(ticket[2]!.Count(), random[2]!.Count());
        Assert.Null(random[1]);
    }

    [Fact]
    public void DependsOnSeedAndLevelAlone()
    {
        Mask ticket = Ticket(4), first = RandomMask.Like(ticket, 1, 4);
        Assert.Equal(first, RandomMask.Like(ticket, 1, 4));
        Assert.NotEqual(first, RandomMask.Like(ticket, 2, 4));
        Assert.NotEqual(first, RandomMask.Like(ticket, 1, 5));
    }

    [Fact]
    public void EveryPositionIsEquallyLikely()
    {
        Mask ticket = Ticket(8); // keeps 37 of 200
        var hits = new int[200];
        for (ulong seed = 0; seed < 2000; seed++)
        {
            Mask mask = RandomMask.Like(ticket, seed, 8);
            for (int i = 0; i < hits.Length; i++) hits[i] += mask[0]![i] ? 1 : 0;
        }
        double expected = 2000.0 * ticket[0]!.Count() / 200, deviation = Math.Sqrt(expected * (1 - expected / 2000));
        Assert.All(hits, count => Assert.InRange(count, expected - 5 * deviation, expected + 5 * deviation));
    }

    [Fact]
    public void AFullTicketStaysFull() => Assert.Equal(Mask.Full(Net), RandomMask.Like(Mask.Full(Net), 1, 1));

    private static Mask Ticket(int level)
    {
        Weights weights = InitialWeights.Sample(Net, 1);
        return Pruner.CutTo(Mask.Full(weights.Network), weights, weights, Criterion.LargeFinal, new(0.1m, 0.2m, 0.1m), PruneScope.Layer, 1, level).Mask;
    }
}
