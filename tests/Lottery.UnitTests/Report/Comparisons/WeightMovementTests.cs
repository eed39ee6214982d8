using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Report.Comparisons;

namespace Lottery.UnitTests.Report.Comparisons;

public sealed class WeightMovementTests
{
    [Fact]
    public void By_hand_signs_and_distances_of_kept_and_pruned_weights()
    {
        // Kept: 1 → 3 (2, same), −1 → 0.5 (1.5, flipped), 0 → 1 (1, no sign). Pruned: 2 → 2 (0, same), −2 → 0 (2, no sign).
        var (kept, pruned) = WeightMovement.Of(BitSet.FromWords(5, [0b01011]), [1, -1, 2, 0, -2], [3, 0.5f, 2, 1, 0], width: 1);
        Assert.Equal((3L, 1L, 1L, 4.5), (kept.Count, kept.SameSign, kept.Flipped, kept.Distance));
        Assert.Equal((2L, 1L, 0L, 2.0), (pruned.Count, pruned.SameSign, pruned.Flipped, pruned.Distance));
        Assert.Equal((1 / 3.0, 1 / 3.0, 1.5), (kept.SameSignFraction, kept.FlippedFraction, kept.MeanDistance));
        Assert.Equal([0, 2, 1], kept.ByDistance.Take(3));
        Assert.Equal([1, 0, 1], pruned.ByDistance.Take(3));
        WeightMovement both = kept + pruned;
        Assert.Equal((5L, 2L, 1L, 6.5, 5L), (both.Count, both.SameSign, both.Flipped, both.Distance, both.ByDistance.Sum()));
    }

    [Fact]
    public void The_last_bin_holds_what_moved_farther_and_a_weight_that_is_no_number_has_none()
    {
        var (kept, _) = WeightMovement.Of(BitSet.Full(3), [0, 0, 0], [1e6f, float.NaN, float.PositiveInfinity], width: 0.1);
        Assert.Equal((2L, 2L, 3L), (kept.ByDistance[^1], kept.ByDistance.Sum(), kept.Count));
        Assert.True(double.IsNaN(kept.MeanDistance));
    }

    [Fact]
    public void No_weights_have_no_fractions() =>
        Assert.True(double.IsNaN(WeightMovement.None.SameSignFraction) && double.IsNaN(WeightMovement.None.MeanDistance));

    [Fact]
    public void By_hand_the_connections_of_a_linear_layer()
    {
        // Two units that read three: [1 1 0; 1 0 0].
        Parameter parameter = NetworkCatalogue.Get("mlp:3-2").Parameters[0];
        BitSet kept = BitSet.FromWords(6, [0b001011]);
        UnitConnections incoming = UnitConnections.Incoming(parameter, kept), outgoing = UnitConnections.Outgoing(parameter, kept)!;
        Assert.Equal((3, "2 1", 0), (incoming.Each, string.Join(' ', incoming.Kept), incoming.Unconnected));
        Assert.Equal((2, "2 1 0", 1), (outgoing.Each, string.Join(' ', outgoing.Kept), outgoing.Unconnected));
        Assert.Equal((1.5, 0.5), (incoming.Mean, incoming.Deviation));
        // Hypergeometric: 3 × ½ × ½ × (6 − 3) ÷ (6 − 1) = 0.45.
        Assert.Equal(Math.Sqrt(0.45), incoming.ChanceDeviation, 1e-15);
    }

    [Fact]
    public void By_hand_the_connections_of_a_convolution()
    {
        // Two channels that read two, 1 × 2 kernels: index = (out × 2 + in) × 2 + offset.
        var parameter = new Parameter("conv.weight", [2, 2, 1, 2], LayerKind.Conv, Prunable: true, 4, 4);
        BitSet kept = BitSet.FromWords(8, [0b1011_0001]);
        Assert.Equal([1, 3], UnitConnections.Incoming(parameter, kept).Kept);
        Assert.Equal([3, 1], UnitConnections.Outgoing(parameter, kept)!.Kept);
        Assert.Equal(4, UnitConnections.Outgoing(parameter, kept)!.Each);
    }

    [Fact]
    public void A_depthwise_convolution_reads_what_it_computes() =>
        Assert.Null(UnitConnections.Outgoing(new("dw.weight", [4, 1, 3, 3], LayerKind.Conv, Prunable: true, 9, 9), BitSet.Full(36)));

    [Fact]
    public void Random_masks_have_the_spread_that_is_expected()
    {
        Parameter parameter = NetworkCatalogue.Get("mlp:60-50").Parameters[0];
        double ratio = Enumerable.Range(0, 200).Average(trial =>
        {
            var kept = new BitSet(parameter.Count);
            foreach (int i in new RandomStream(5, $"{trial}").Permutation(parameter.Count)[..900]) kept[i] = true;
            UnitConnections units = UnitConnections.Outgoing(parameter, kept)!;
            return units.Deviation * units.Deviation / (units.ChanceDeviation * units.ChanceDeviation);
        });
        Assert.Equal(1, ratio, 0.04); // one ratio deviates by 0.19, the mean of 200 by 0.013
    }
}
