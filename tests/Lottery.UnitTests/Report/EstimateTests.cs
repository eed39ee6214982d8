using CsCheck;
using Lottery.Numerics;
using Lottery.Report.Statistics;

namespace Lottery.UnitTests.Report;

public sealed class EstimateTests
{
    [Fact]
    public void By_hand_the_mean_of_five()
    {
        // 1, 2, 3, 4, 5: mean 3, standard deviation √2.5, standard error √0.5 = 0.70711; t(4) = 2.77645; half-width 1.96325.
        Estimate estimate = Estimate.FromValues([1, 2, 3, 4, 5]);
        Assert.Equal(3, estimate.Mean);
        Assert.Equal(1.03675, estimate.Low, 0.00001);
        Assert.Equal(4.96325, estimate.High, 0.00001);
        Assert.Equal((5, IntervalKind.Replicates), (estimate.Count, estimate.Over));
    }

    [Fact]
    public void By_hand_Students_own_sleep_data()
    {
        // Student 1908, the extra hours of sleep of ten patients on two drugs, as R's sleep prints them:
        // mean difference −1.58, interval [−2.459886 −0.7001142], p = 0.002833.
        double[] first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        double[] second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        PairedDifference difference = PairedDifference.FromValues([.. first.Zip(second, (a, b) => a - b)]);
        Assert.Equal(-1.58, difference.Estimate.Mean, 1e-12);
        Assert.Equal(-2.4598858, difference.Estimate.Low, 1e-6);
        Assert.Equal(-0.7001142, difference.Estimate.High, 1e-6);
        Assert.Equal(0.002833, difference.P, 1e-6);
        Assert.True(difference.IsNegative);
        Assert.False(difference.IsPositive);
    }

    [Fact]
    public void Two_values_have_a_very_wide_interval()
    {
        Estimate estimate = Estimate.FromValues([0.5, 0.7]);
        Assert.Equal(0.6 - 0.1 * 12.7062, estimate.Low, 1e-5);
    }

    [Fact]
    public void One_value_has_no_interval_and_makes_no_claim()
    {
        Estimate estimate = Estimate.FromValues([0.5]);
        Assert.Equal((0.5, 1, IntervalKind.None), (estimate.Mean, estimate.Count, estimate.Over));
        Assert.True(double.IsNaN(estimate.Low) && double.IsNaN(estimate.High));
        PairedDifference difference = PairedDifference.FromValues([0.5]);
        Assert.True(double.IsNaN(difference.P));
        Assert.False(difference.IsPositive || difference.IsNegative);
    }

    [Fact]
    public void An_interval_of_a_difference_of_fractions_ends_at_1()
    {
        double[] values = [-0.97, -0.67];
        Assert.Equal(-0.82 - 0.15 * 12.7062, PairedDifference.FromValues(values).Estimate.Low, 1e-5);
        Assert.Equal((-1.0, 1.0), (PairedDifference.OfFractions(values).Estimate.Low, PairedDifference.OfFractions(values).Estimate.High));
    }

    [Fact]
    public void Nothing_has_no_mean() => Assert.True(double.IsNaN(Estimate.FromValues([]).Mean));

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0, 1)]
    public void Equal_values_have_an_interval_of_no_width(double value, double p)
    {
        double[] values = [value, value, value];
        Assert.Equal(new Estimate(value, value, value, 3), Estimate.FromValues(values));
        Assert.Equal(p, PairedDifference.FromValues(values).P);
    }

    [Fact]
    public void The_interval_excludes_zero_exactly_where_the_test_rejects() =>
        Gen.Double[-1, 1.5].Array[2, 12].Sample(values =>
        {
            PairedDifference difference = PairedDifference.FromValues(values);
            if (Math.Abs(difference.P - 0.05) < 1e-9) return;
            Assert.Equal(difference.P < 0.05, difference.IsPositive || difference.IsNegative);
        });

    [Fact]
    public void The_interval_covers_the_truth_95_times_in_100()
    {
        var normal = new Lottery.Numerics.RandomStream(7, "coverage");
        int covered = Enumerable.Range(0, 4000).Count(trial =>
        {
            Estimate estimate = Estimate.FromValues([.. Enumerable.Range(0, 5).Select(i => normal.Normal(trial * 5 + i))]);
            return estimate.Low < 0 && estimate.High > 0;
        });
        Assert.InRange(covered, 3740, 3860);
    }

    // Newcombe 1998, Table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilsons_intervals_are_the_published_ones(int right, int count, double low, double high)
    {
        Estimate estimate = Estimate.FromProportion((double)right / count, count);
        Assert.Equal(low, estimate.Low, 0.00005);
        Assert.Equal(high, estimate.High, 0.00005);
        Assert.Equal(IntervalKind.TestImages, estimate.Over);
    }

    [Fact]
    public void Wilsons_interval_stays_within_0_and_1() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int[1, 20_000]).Sample((proportion, count) =>
        {
            (double low, double high) = Wilson.Interval(proportion, count);
            Assert.True(0 <= low && low <= proportion + 1e-12 && proportion - 1e-12 <= high && high <= 1);
        });
}
