using CsCheck;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.UnitTests.Masks;

/// <summary>Masking as training: which way masking moves the weights that go.</summary>
public class MaskingMetricsTests
{
    // w_i = 2 throughout: a weight that ends below 1 is nearer to 0, one that ends at 1 is as near to both.
    [Theory]
    [InlineData(0.99f, true)]
    [InlineData(1.0f, false)]
    [InlineData(1.01f, false)]
    [InlineData(-7.0f, true)]
    [InlineData(0.0f, true)]
    [InlineData(2.0f, false)]
    public void Zero_is_nearer_below_half_of_the_start(float final, bool nearer)
    {
        MaskingMetrics one = Count([2], [final], before: 1, after: 0);
        Assert.Equal((1, nearer ? 1 : 0, 1, nearer ? 1 : 0), (one.Pruned, one.PrunedNearer, one.Candidates, one.CandidatesNearer));
    }

    // Towards 0 is a direction: past 0 it goes on, where the magnitude may have grown.
    [Theory]
    [InlineData(2.0f, 1.9f, true, true)]
    [InlineData(2.0f, 2.0f, false, false)]
    [InlineData(2.0f, 2.1f, false, false)]
    [InlineData(2.0f, -1.9f, true, true)]
    [InlineData(2.0f, -2.1f, true, false)]
    [InlineData(-2.0f, -1.9f, true, true)]
    [InlineData(-2.0f, -2.1f, false, false)]
    [InlineData(-2.0f, 2.1f, true, false)]
    [InlineData(0.0f, 1.0f, false, false)]
    [InlineData(1e-38f, 9e-39f, true, true)]
    public void Training_moved_a_weight_towards_zero_or_made_it_smaller(float initial, float final, bool towards, bool decreased)
    {
        foreach (ulong after in (ulong[])[0, 1])
        {
            MaskingMetrics one = Count([initial], [final], before: 1, after);
            Assert.Equal((towards ? 1 : 0, decreased ? 1 : 0), (one.CandidatesTowards, one.CandidatesDecreased));
            Assert.Equal(after == 1 ? (0, 0) : (one.CandidatesTowards, one.CandidatesDecreased), (one.PrunedTowards, one.PrunedDecreased));
        }
    }

    [Fact]
    public void A_weight_that_started_at_zero_never_ends_nearer_to_it() =>
        Assert.Equal(new(3, 0, 3, 0), Count([0, -0.0f, 0], [0, 1, -1], before: 0b111, after: 0));

    [Fact]
    public void What_was_pruned_before_is_no_candidate() =>
        Assert.Equal(new(2, 1, 3, 2) { PrunedTowards = 1, CandidatesTowards = 2, PrunedDecreased = 1, CandidatesDecreased = 2 },
            Count([2, 2, 2, 2], [0.5f, 0.5f, 0.5f, 3], before: 0b1101, after: 0b0100));

    [Fact]
    public void Layers_together_weigh_by_what_they_prune()
    {
        MaskingMetrics all = new(10, 9, 100, 20), few = new(30, 0, 60, 30), none = new(0, 0, 0, 0);
        Assert.Equal(0.9, MaskingMetrics.Fraction(MaskingMeasure.Nearer, all));
        Assert.Equal(0.2, MaskingMetrics.RandomFraction(MaskingMeasure.Nearer, all));
        Assert.Equal(9 / 40.0, MaskingMetrics.Fraction(MaskingMeasure.Nearer, all, few, none));
        Assert.Equal((10 * 0.2 + 30 * 0.5) / 40, MaskingMetrics.RandomFraction(MaskingMeasure.Nearer, all, few, none), 1e-15);
        Assert.Equal(50 / 160.0, MaskingMetrics.TrainedFraction(MaskingMeasure.Nearer, all, few, none));
        Assert.True(double.IsNaN(MaskingMetrics.Fraction(MaskingMeasure.Nearer, none)) && double.IsNaN(MaskingMetrics.RandomFraction(MaskingMeasure.Nearer, none)));
    }

    [Fact]
    public void Each_measure_has_its_own_counts()
    {
        MaskingMetrics layer = new(10, 1, 100, 20) { PrunedTowards = 3, CandidatesTowards = 40, PrunedDecreased = 2, CandidatesDecreased = 30 };
        Assert.Equal([0.3, 0.2, 0.1], Enum.GetValues<MaskingMeasure>().Select(measure => MaskingMetrics.Fraction(measure, layer)));
        Assert.Equal([0.4, 0.3, 0.2], Enum.GetValues<MaskingMeasure>().Select(measure => MaskingMetrics.TrainedFraction(measure, layer)));
        Assert.Equal([0.4, 0.3, 0.2], Enum.GetValues<MaskingMeasure>().Select(measure => MaskingMetrics.RandomFraction(measure, layer)));
    }

    [Fact]
    public void A_cut_counts_as_plain_loops_do() => SomeLayers.Starts.Sample(start =>
    {
        PruneOutcome cut = Pruner.Cut(start.Before, start.Initial, start.Final, Criterion.LargeFinal,
            new(0.1m, 0.4m, 0.3m), Specifications.PruneScope.Layer, start.Seed, start.Level);
        foreach (int p in new[] { 0, 2 })
        {
            int[] counts = new int[8];
            for (int i = 0; i < start.Before[p]!.Length; i++)
            {
                double from = start.Initial[p][i], to = start.Final[p][i], toZero = to < 0 ? -to : to, toStart = to < from ? from - to : to - from;
                if (!start.Before[p]![i]) continue;
                counts[2]++;
                if (toZero < toStart) counts[3]++;
                bool towards = from * (to - from) < 0, decreased = Math.Abs(to) < Math.Abs(from);
                if (towards) counts[4]++;
                if (decreased) counts[5]++;
                if (cut.Mask[p]![i]) continue;
                counts[0]++;
                if (toZero < toStart) counts[1]++;
                if (towards) counts[6]++;
                if (decreased) counts[7]++;
            }
            string name = SomeLayers.Network.Parameters[p].Name;
            Assert.Equal(new(counts[0], counts[1], counts[2], counts[3])
            {
                CandidatesTowards = counts[4], CandidatesDecreased = counts[5], PrunedTowards = counts[6], PrunedDecreased = counts[7],
            }, cut.Metrics.Masking![name]);
        }
    }, iter: 200);

    [Fact]
    public void A_random_mask_has_its_expected_share_on_average()
    {
        var (initial, final) = (new Weights(SomeLayers.Network), new Weights(SomeLayers.Network));
        for (int i = 0; i < 35; i++) (initial[0][i], final[0][i]) = (1, i / 34.0f);
        double mean = Enumerable.Range(0, 2_000).Average(seed => MaskingMetrics.Fraction(MaskingMeasure.Nearer, Pruner.Cut(Mask.Full(SomeLayers.Network),
            initial, final, Criterion.Random, new(0, 0.5m, 0), Specifications.PruneScope.Layer, (ulong)seed, 1).Metrics.Masking!["fc1.weight"]));
        Assert.Equal(17 / 35.0, mean, 0.01); // of 17 weights: a deviation of 0.085, of the mean 0.002
    }

    private static MaskingMetrics Count(float[] initial, float[] final, ulong before, ulong after) => MaskingMetrics.Of(
        BitSet.FromWords(initial.Length, [before]), BitSet.FromWords(initial.Length, [after]), initial, final);
}
