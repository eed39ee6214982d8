using CsCheck;
using Lottery.Numerics;

namespace Lottery.UnitTests.Numerics;

public class NormalDistributionTests
{
    // Computed with 80 digits from the series of the distribution function; on both sides of where the algorithm
    // changes its polynomials (0.075 and e^−25).
    [Theory]
    [InlineData(0.5, 0.0)]
    [InlineData(0.4, -0.25334710313579972)]
    [InlineData(0.25, -0.67448975019608171)]
    [InlineData(0.1, -1.2815515655446004)]
    [InlineData(0.075, -1.4395314709384559)]
    [InlineData(0.05, -1.6448536269514726)]
    [InlineData(0.025, -1.9599639845400543)]
    [InlineData(0.001, -3.0902323061678136)]
    [InlineData(1e-6, -4.7534243088228987)]
    [InlineData(1e-10, -6.3613409024040566)]
    [InlineData(1e-11, -6.7060231554951359)]
    [InlineData(1e-12, -7.0344838253011321)]
    [InlineData(1e-16, -8.2220822161304348)]
    public void HasTheKnownQuantiles(double p, double z) =>
        Assert.InRange(NormalDistribution.Quantile(p), z - 2e-15 * Math.Abs(z), z + 2e-15 * Math.Abs(z));

    // Same seed, same bits: these may never change. Found by the same sums in Python.
    [Theory]
    [InlineData(0.3, -4620473437402249734)]
    [InlineData(0.99, 4612420888509349644)]
    [InlineData(1e-5, -4606884178279816230)]
    [InlineData(1e-13, -4603412009579839184)]
    [InlineData(1e-16, -4602553797999420582)]
    [InlineData(1e-100, -4596690874327018977)]
    public void NeverChanges(double p, long bits) => Assert.Equal(bits, BitConverter.DoubleToInt64Bits(NormalDistribution.Quantile(p)));

    [Fact]
    public void IsOddAboutOneHalf() =>
        Gen.Long[0, (1L << 51) - 1].Select(k => (k + 0.5) / (1L << 52)).Sample(p =>
            NormalDistribution.Quantile(1.0 - p) == -NormalDistribution.Quantile(p));

    [Fact]
    public void Rises() =>
        Gen.Select(Gen.Double[1e-17, 1 - 1e-16], Gen.Double[1e-17, 1 - 1e-16]).Sample((a, b) =>
            Math.Abs(a - b) < 1e-12 || a < b == NormalDistribution.Quantile(a) < NormalDistribution.Quantile(b));

    [Fact]
    public void TheConstantsOfTheTruncatedDistributionHold()
    {
        double density = Math.Exp(-2.0) / Math.Sqrt(2.0 * Math.PI);
        double variance = 1.0 - 4.0 * density / (1.0 - 2.0 * NormalDistribution.BelowMinusTwo);
        Assert.Equal(NormalDistribution.TruncatedStandardDeviation, Math.Sqrt(variance), 1e-15);
        Assert.Equal(-2.0, NormalDistribution.Quantile(NormalDistribution.BelowMinusTwo), 1e-15);
    }
}
