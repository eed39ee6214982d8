using CsCheck;
using Lottery.Report.Statistics;

namespace Lottery.UnitTests.Report;

public sealed class HolmTests
{
    private const double Margin = 0.003;

    [Fact]
    public void By_hand_four_hypotheses()
    {
        // Sorted: 0.005 × 4 = 0.02; 0.01 × 3 = 0.03; 0.03 × 2 = 0.06; 0.04 × 1 = 0.04, raised to 0.06.
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjust([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));
    }

    [Fact]
    public void By_hand_the_rates_stop_where_the_first_is_not_rejected()
    {
        // 0.005 ≤ 0.05 ÷ 4; 0.01 ≤ 0.05 ÷ 3; 0.03 > 0.05 ÷ 2, and there it stays.
        Assert.Equal([0.05 / 3, 0.05 / 2, 0.05 / 2, 0.05 / 4], Holm.Rates([0.01, 0.04, 0.03, 0.005], 0.05));
    }

    [Fact]
    public void Adjusted_values_reject_exactly_where_the_rates_do() =>
        Gen.Double[0, 0.1].Array[0, 8].Sample(p =>
        {
            IReadOnlyList<double> adjusted = Holm.Adjust(p), rates = Holm.Rates(p, 0.05);
            for (int i = 0; i < p.Length; i++) Assert.Equal(adjusted[i] <= 0.05, p[i] <= rates[i]);
        });

    [Fact]
    public void Adjusting_never_lowers_a_value_and_never_leaves_0_to_1() =>
        Gen.Double[0, 1].Array[0, 8].Sample(p =>
            Assert.All(p.Zip(Holm.Adjust(p)), pair => Assert.InRange(pair.Second, pair.First, 1)));

    [Fact]
    public void One_hypothesis_needs_no_correction() => Assert.Equal([0.2], Holm.Adjust([0.2]));

    [Fact]
    public void By_hand_three_levels_against_the_dense_network()
    {
        // Five pairs each, deviation 0.00158114, standard error 0.000707107, t(4).
        IReadOnlyList<NonInferiority> tests = NonInferiority.Test([.. new[] { 0.002, 0.000, -0.002 }.Select(Around)], Margin);
        // t = (mean + 0.003) ÷ 0.000707107 = 7.0711, 4.2426, 1.4142.
        Assert.Equal([0.00106, 0.00662, 0.11510], tests.Select(test => Math.Round(test.P, 5)));
        Assert.Equal([0.00317, 0.01324, 0.11510], tests.Select(test => Math.Round(test.AdjustedP, 5)));
        // The bounds use the t that leaves out 0.025 ÷ 3, ÷ 2 and ÷ 1: 3.9608, 3.4954, 2.7764.
        Assert.Equal([-0.00080, -0.00247, -0.00396], tests.Select(test => Math.Round(test.Low, 5)));
        Assert.Equal([true, true, false], tests.Select(test => test.Holds));
    }

    [Fact]
    public void A_bound_lies_above_the_margin_exactly_where_Holm_rejects() =>
        Gen.Double[-0.004, 0.002].Array[6].Array[1, 6].Sample(levels =>
        {
            foreach (NonInferiority test in NonInferiority.Test([.. levels.Select(PairedDifference.FromValues)], Margin))
            {
                if (Math.Abs(test.AdjustedP - Estimate.Tail) < 1e-9) continue;
                Assert.Equal(test.AdjustedP < Estimate.Tail, test.Holds);
            }
        });

    [Fact]
    public void The_correction_never_raises_a_bound() =>
        Gen.Double[-0.004, 0.002].Array[5].Array[1, 6].Sample(levels =>
        {
            PairedDifference[] differences = [.. levels.Select(PairedDifference.FromValues)];
            Assert.All(NonInferiority.Test(differences, Margin).Zip(differences),
                pair => Assert.True(pair.First.Low <= pair.Second.Estimate.Low + 1e-12));
        });

    [Fact]
    public void Without_spread_the_mean_decides()
    {
        IReadOnlyList<NonInferiority> tests = NonInferiority.Test([Equal(-0.002), Equal(-0.004)], Margin);
        Assert.Equal([true, false], tests.Select(test => test.Holds));
        Assert.Equal([-0.002, -0.004], tests.Select(test => test.Low));
    }

    [Fact]
    public void One_pair_shows_nothing_and_costs_the_others_nothing()
    {
        IReadOnlyList<NonInferiority> tests = NonInferiority.Test([PairedDifference.FromValues([0.5]), Around(0.002)], Margin);
        Assert.False(tests[0].Holds);
        Assert.True(double.IsNaN(tests[0].Low) && double.IsNaN(tests[0].P));
        Assert.Equal(tests[1].P, tests[1].AdjustedP);
    }

    [Fact]
    public void By_hand_three_two_sided_tests()
    {
        // Five pairs each, standard error 0.000707107: t(4) = 5.6569, 3.5355, −0.7071; p by numerical integration of the density.
        IReadOnlyList<DifferenceTest> tests = DifferenceTest.Test([Around(0.004), null, Around(0.0025), Around(-0.0005), PairedDifference.FromValues([0.5])]);
        Assert.All(tests, test => Assert.Equal(3, test.Family));
        Assert.Equal([0.01444, double.NaN, 0.04822, 0.51852, double.NaN], tests.Select(test => Math.Round(test.AdjustedP, 5)));
        Assert.Equal([1, 0, 1, 0, 0], tests.Select(test => test.Sign));
        // Half widths at 0.05 ÷ 3, ÷ 2 and ÷ 1, two-sided: t = 3.9608, 3.4954, 2.7764.
        Assert.Equal([0.00120, 0.00003, -0.00246], tests.Where(test => test.Interval is not null).Select(test => Math.Round(test.Interval!.Low, 5)));
        Assert.Equal([0.00680, 0.00497, 0.00146], tests.Where(test => test.Interval is not null).Select(test => Math.Round(test.Interval!.High, 5)));
    }

    private static PairedDifference Around(double mean) =>
        PairedDifference.FromValues([mean - 0.002, mean - 0.001, mean, mean + 0.001, mean + 0.002]);

    private static PairedDifference Equal(double value) => PairedDifference.FromValues([value, value, value]);
}
