using Lottery.Report.Statistics;
using Lottery.Report.Tables;

namespace Lottery.UnitTests.Report;

public sealed class NumberFormatTests
{
    [Theory]
    [InlineData(1.0, "100.0 %")]
    [InlineData(0.10768, "10.8 %")]
    [InlineData(0.00504, "0.50 %")]
    public void Densities(double fraction, string text) => Assert.Equal(text, NumberFormat.Density(fraction));

    [Theory]
    [InlineData(0.005, "+0.5")]
    [InlineData(-0.005, "−0.5")]
    [InlineData(-0.0001, "0.0")]
    [InlineData(0, "0.0")]
    [InlineData(double.NaN, "–")]
    public void Points_with_their_sign(double fraction, string text) => Assert.Equal(text, NumberFormat.Signed(fraction));

    [Fact]
    public void An_estimate_without_an_interval_is_only_its_mean() =>
        Assert.Equal(("87.9", "+87.9"), (NumberFormat.Accuracy(Estimate.FromValues([0.879])), NumberFormat.Difference(Estimate.FromValues([0.879]))));

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(71.4, "71 s")]
    [InlineData(720, "12 min")]
    [InlineData(12_600, "3.5 h")]
    public void Durations(double seconds, string text) => Assert.Equal(text, NumberFormat.Duration(seconds));

    [Fact]
    public void Counts() => Assert.Equal("266,200", NumberFormat.Count(266_200));
}
