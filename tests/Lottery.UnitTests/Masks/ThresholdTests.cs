using CsCheck;
using Lottery.Masks;
using Lottery.Networks;

namespace Lottery.UnitTests.Masks;

public class ThresholdTests
{
    private static readonly Network Net = SomeLayers.Network;

    [Fact]
    public void WhatReachesTheThresholdStays()
    {
        PruneOutcome cut = Cut([1, 2, 3, 4, 5, 2.5f, 2.4999998f], 2.5);
        Assert.Equal([2, 3, 4, 5], Stays(cut));
        Assert.Equal(2.5, cut.Metrics.Thresholds["fc1.weight"]);
        Assert.Equal(["output.weight"], cut.Metrics.KeptLast); // all of its scores are 0
        Assert.Equal(1, cut.Mask[2]!.Count());
    }

    [Fact]
    public void ALayerKeepsItsBestWeight()
    {
        PruneOutcome cut = Cut([1, 2, 3, 4, 5, 2.5f], 7);
        Assert.Equal([4], Stays(cut));
        Assert.Equal(5.0, cut.Metrics.Thresholds["fc1.weight"]);
        Assert.Equal(["fc1.weight", "output.weight"], cut.Metrics.KeptLast);
    }

    [Fact]
    public void AgreesWithPlainLoops() => Gen.Select(SomeLayers.Starts, Gen.Int[-1, 5]).Sample((start, quarters) =>
    {
        double threshold = quarters * 0.25;
        PruneOutcome cut = Pruner.CutAt(
            start.Before, start.Initial, start.Final, Criterion.LargeFinal, threshold, start.Seed, start.Level);
        foreach (int p in new[] { 0, 2 })
        {
            bool any = false;
            for (int i = 0; i < start.Final[p].Length; i++)
            {
                bool stays = start.Before[p]![i] && Math.Abs((double)start.Final[p][i]) >= threshold;
                any |= stays;
                if (stays) Assert.True(cut.Mask[p]![i]);
            }
            if (any) Assert.Equal(Count(start, p, threshold), cut.Mask[p]!.Count());
            else Assert.Equal(Math.Min(1, start.Before[p]!.Count()), cut.Mask[p]!.Count());
            Assert.Equal(!any && start.Before[p]!.Count() > 0, cut.Metrics.KeptLast.Contains(Net.Parameters[p].Name));
        }
    });

    [Fact]
    public void NotANumberIsNoThreshold() => Assert.Throws<UserException>(() => Cut([1, 2, 3], double.NaN));

    private static int Count(SomeLayers.Start start, int parameter, double threshold)
    {
        int count = 0;
        for (int i = 0; i < start.Final[parameter].Length; i++)
            if (start.Before[parameter]![i] && Math.Abs((double)start.Final[parameter][i]) >= threshold) count++;
        return count;
    }

    private static PruneOutcome Cut(float[] fc, double threshold)
    {
        var final = new Weights(Net);
        fc.CopyTo(final[0]);
        return Pruner.CutAt(Mask.Full(Net), new(Net), final, Criterion.LargeFinal, threshold, seed: 1, level: 1);
    }

    private static int[] Stays(PruneOutcome cut) => [.. Enumerable.Range(0, 35).Where(i => cut.Mask[0]![i])];
}
