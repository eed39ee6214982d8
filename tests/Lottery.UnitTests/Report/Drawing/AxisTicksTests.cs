using CsCheck;
using Lottery.Report.Charts;
using Lottery.Report.Drawing;

namespace Lottery.UnitTests.Report.Drawing;

public class AxisTicksTests
{
    private static readonly Gen<int> s_most = Gen.Int[1, 12];

    [Fact]
    public void A_linear_axis_has_three_ticks_or_more() =>
        Gen.Select(Gen.Double[-1e4, 1e4], Gen.Double[-9, 6], Gen.Bool, s_most).Sample((low, power, isPercent, most) =>
        {
            // A range is at least as wide as AxisScale makes it.
            double high = low + Math.Max(Math.Pow(10, power), 1e-3 * Math.Abs(low));
            Check(AxisScale.Create(new("", isPercent ? NumberKind.Percent : NumberKind.Number) { Range = (low, high) }, []), most);
        });

    [Fact]
    public void A_fraction_has_three_ticks_or_more_between_0_and_1() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], s_most).Sample((a, b, most) =>
            Check(AxisScale.Create(new("", NumberKind.Percent), [a, b]), most, value => value is >= 0 and <= 1));

    [Fact]
    public void A_density_axis_has_three_ticks_or_more() =>
        Gen.Select(Gen.Double[-5, 0], Gen.Double[-5, 0], s_most).Sample((a, b, most) =>
            Check(AxisScale.Create(ChartAxis.Density, [Math.Pow(10, a), Math.Pow(10, b)]), most, value => value is > 0 and <= 1));

    [Fact]
    public void A_count_has_three_integers_or_more() =>
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 100_000], s_most).Sample((a, b, most) =>
            Check(AxisScale.Create(new("", NumberKind.Count), [a, b]), most, value => value == Math.Floor(value)));

    [Theory]
    [InlineData(0.641, 1, 8, "65 %|70 %|75 %|80 %|85 %|90 %|95 %|100 %")]
    [InlineData(0.01, 1, 8, "1 %|2 %|5 %|10 %|20 %|50 %|100 %")]
    [InlineData(0.01, 1, 5, "1 %|3 %|10 %|30 %|100 %")]
    [InlineData(0.0005, 1, 5, "0.1 %|1 %|10 %|100 %")]
    public void Densities_have_ticks_at_round_values(double low, double high, int most, string labels) =>
        Assert.Equal(labels.Split('|'), new AxisScale(ChartAxis.Density, low, high).Ticks(most).Select(tick => tick.Label));

    [Theory]
    [InlineData("Percent", 0.88, 0.9, "88.0 %|88.5 %|89.0 %|89.5 %|90.0 %")]
    [InlineData("Percent", 0, 1, "0 %|20 %|40 %|60 %|80 %|100 %")]
    [InlineData("Count", 0, 20_000, "0|5,000|10,000|15,000|20,000")]
    [InlineData("Count", 0, 1, "0|1|2")]
    [InlineData("Number", -0.1, 0.1, "−0.10|−0.05|0.00|0.05|0.10")]
    public void Labels_have_as_many_decimals_as_the_ticks_need(string format, double low, double high, string labels) =>
        Assert.Equal(labels.Split('|'), AxisScale.Create(new("", Enum.Parse<NumberKind>(format)) { Range = (low, high) }, []).Ticks(6).Select(tick => tick.Label));

    [Fact]
    public void Differences_of_fractions_have_ticks_below_0() => Assert.Equal(["−20 %", "0 %", "20 %", "40 %"],
        AxisScale.Create(new("", NumberKind.Percent), [-0.25, 0.43]).Ticks(6).Select(tick => tick.Label));

    private static void Check(AxisScale scale, int most, Func<double, bool>? allowed = null)
    {
        var ticks = scale.Ticks(most);
        Assert.True(ticks.Length >= AxisTicks.Least, $"{ticks.Length} ticks from {scale.Low:R} to {scale.High:R}");
        Assert.True(ticks.Length <= Math.Max(most, 6), $"{ticks.Length} ticks from {scale.Low:R} to {scale.High:R}, at most {most}");
        Assert.All(ticks, tick => Assert.InRange(tick.Value, scale.Low - 1e-5 * (scale.High - scale.Low), scale.High + 1e-5 * (scale.High - scale.Low)));
        Assert.Equal(ticks.Length, ticks.Select(tick => tick.Label).Distinct().Count());
        if (allowed is not null) Assert.All(ticks, tick => Assert.True(allowed(tick.Value), $"{tick.Value:R}"));
    }
}
