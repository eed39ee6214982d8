using CsCheck;
using Lottery.Numerics;
using Lottery.Report.Comparisons;

namespace Lottery.UnitTests.Report.Comparisons;

public sealed class MaskOverlapTests
{
    private static readonly Gen<bool[]> s_bits = Gen.Bool.Array[1, 200];

    [Fact]
    public void By_hand_two_of_three_are_shared()
    {
        // {0, 1, 64} and {1, 64}: both keep two, at least one keeps three.
        var overlap = MaskOverlap.Of(Bits(70, 0, 1, 64), Bits(70, 1, 64));
        Assert.Equal((2L, 3L, 2 / 3.0), (overlap.Both, overlap.Either, overlap.Fraction));
        Assert.Equal(new MaskOverlap(3, 8), overlap + new MaskOverlap(1, 5));
    }

    [Fact]
    public void Equal_masks_overlap_wholly_and_disjoint_ones_not_at_all() => s_bits.Sample(bits =>
    {
        BitSet kept = Of(bits), rest = Of([.. bits.Select(bit => !bit)]);
        if (kept.Count() == 0) return;
        Assert.Equal(1, MaskOverlap.Of(kept, kept.Clone()).Fraction);
        Assert.Equal(new MaskOverlap(0, bits.Length), MaskOverlap.Of(kept, rest));
    });

    [Fact]
    public void The_overlap_is_that_of_sets() => Gen.Select(s_bits, s_bits).Sample((a, b) =>
    {
        int length = Math.Min(a.Length, b.Length);
        int[] one = [.. Enumerable.Range(0, length).Where(i => a[i])], other = [.. Enumerable.Range(0, length).Where(i => b[i])];
        Assert.Equal(new MaskOverlap(one.Intersect(other).Count(), one.Union(other).Count()), MaskOverlap.Of(Of(a[..length]), Of(b[..length])));
    });

    [Fact]
    public void Nothing_kept_has_no_overlap() => Assert.True(double.IsNaN(MaskOverlap.Of(Bits(3), Bits(3)).Fraction));

    [Fact]
    public void Layers_of_different_networks_are_refused() => Assert.Throws<ArgumentException>(() => MaskOverlap.Of(Bits(3, 1), Bits(4, 1)));

    [Theory]
    [InlineData(10, 10, 4, 0.4)] // Everything kept: the other's weights are shared, whichever they are.
    [InlineData(10, 10, 10, 1)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(10, 0, 4, 0)]
    public void Chance_is_exact_where_a_mask_leaves_no_choice(int weights, int one, int other, double expected) =>
        Assert.Equal(expected, MaskOverlap.Chance(new LayerCounts(weights, one, other)), 1e-15);

    [Theory]
    [InlineData(1_000, 200, 200)]
    [InlineData(1_000, 500, 100)]
    [InlineData(300, 60, 90)]
    [InlineData(40, 20, 20)]
    public void Chance_is_the_exact_expectation_of_one_layer(int weights, int one, int other)
    {
        // The number that both keep is hypergeometric: its probabilities are independent of the expansion.
        double[] probabilities = Hypergeometric.Probabilities(weights, one, other);
        double exact = probabilities.Select((p, both) => p * both / (one + other - both)).Sum();
        Assert.Equal(exact, MaskOverlap.Chance(new LayerCounts(weights, one, other)), 0.002 * exact);
    }

    [Fact]
    public void Chance_of_several_layers_is_what_random_masks_have()
    {
        LayerCounts[] layers = [new(600, 120, 120), new(90, 30, 20), new(20, 10, 10)];
        const int Trials = 4_000;
        double sum = 0;
        for (int trial = 0; trial < Trials; trial++)
            sum += layers.Select((layer, l) => MaskOverlap.Of(
                Random((int)layer.Weights, (int)layer.One, $"{trial}/{l}/one"), Random((int)layer.Weights, (int)layer.Other, $"{trial}/{l}/other")))
                .Aggregate((a, b) => a + b).Fraction;
        // One value has a standard deviation of 0.018, the mean of 4,000 of 0.0003.
        Assert.Equal(sum / Trials, MaskOverlap.Chance(layers), 0.001);
    }

    [Fact]
    public void Probabilities_of_a_hypergeometric_number_by_hand()
    {
        // Two of five weights are kept, three are a unit's: C(2,k) C(3,3−k) ÷ C(5,3) = 1/10, 6/10, 3/10.
        Assert.Equal([0.1, 0.6, 0.3, 0], Hypergeometric.Probabilities(5, 2, 3).Select(p => Math.Round(p, 12)));
        Assert.Equal([0, 1.0], Hypergeometric.Probabilities(4, 4, 1));
        Assert.Equal(1, Hypergeometric.Probabilities(235_200, 1_000, 784).Sum(), 1e-12);
    }

    private static BitSet Random(int weights, int kept, string name)
    {
        int[] order = new RandomStream(11, name).Permutation(weights);
        return Bits(weights, order[..kept]);
    }

    private static BitSet Bits(int length, params int[] set)
    {
        var bits = new BitSet(length);
        foreach (int i in set) bits[i] = true;
        return bits;
    }

    private static BitSet Of(bool[] values) => Bits(values.Length, [.. Enumerable.Range(0, values.Length).Where(i => values[i])]);
}
