using System.Numerics;
using CsCheck;
using Lottery.Masks;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.UnitTests.Masks;

public class PruneCountsTests
{
    // The densities of Frankle & Carbin's LeNet: 20 % a level, 10 % of the output layer.
    [Theory]
    [InlineData(0, 100.000)]
    [InlineData(1, 80.038)]
    [InlineData(3, 51.282)]
    [InlineData(7, 21.074)]
    [InlineData(9, 13.519)]
    [InlineData(12, 6.955)]
    [InlineData(15, 3.585)]
    [InlineData(18, 1.854)]
    [InlineData(20, 1.198)]
    [InlineData(24, 0.504)]
    public void LenetHasThePapersDensities(int level, double percent)
    {
        int kept = PruneCounts.After(Network.Lenet300100, new(0.1m, 0.2m, 0.1m), PruneScope.Layer, level).Sum();
        Assert.Equal(percent, Math.Round(100.0 * kept / 266_200, 3));
    }

    [Theory]
    [InlineData(10, "0.3", 3)] // 10 × 0.3 is 3 in decimals and 2.9999… or 3.0000…1 in floats
    [InlineData(10, "0.29", 2)]
    [InlineData(1000, "0.001", 1)]
    [InlineData(7, "0", 0)]
    [InlineData(1, "0.99", 0)]
    [InlineData(1001, "0.0999000999000999000999000999", 99)] // the product is 10⁻²⁸ below 100: more digits than a decimal has
    [InlineData(2147483647, "0.9999999999999999999999999999", 2147483646)]
    public void RoundsDownExactly(int kept, string rate, int removed) =>
        Assert.Equal(removed, PruneCounts.Removed(kept, decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void AgreesWithFractions() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 999_999]).Sample((kept, millionths) =>
            (int)(new BigInteger(kept) * millionths / 1_000_000) == PruneCounts.Removed(kept, millionths / 1_000_000m));

    [Theory]
    [InlineData("-0.1")]
    [InlineData("1")]
    [InlineData("20")]
    public void ARateOutsideZeroToOneIsAnError(string rate)
    {
        decimal fc = decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture);
        UserException error = Assert.Throws<UserException>(
            () => PruneCounts.After(Network.Lenet300100, new(0.1m, fc, 0.1m), PruneScope.Layer, 1));
        Assert.Contains($"fc={rate}", error.Message, StringComparison.Ordinal);
    }
}
