using CsCheck;
using Lottery.Numerics;

namespace Lottery.UnitTests.Numerics;

public class ExactMathTests
{
    private static readonly Gen<double> Positive =
        Gen.Long[0x0010000000000000, 0x7FEFFFFFFFFFFFFF].Select(BitConverter.Int64BitsToDouble); // every normal number

    [Fact]
    public void LogIsWithinTwoUnitsOfTheLibrarys() =>
        Gen.OneOf(Positive, Gen.Double[0.5, 2.0], Gen.Double[1 - 1e-9, 1 + 1e-9]).Sample(
            x => Units(Math.Log(x), ExactMath.Log(x)) <= 2, iter: 20_000);

    [Fact]
    public void ExpIsWithinTwoUnitsOfTheLibrarys() =>
        Gen.OneOf(Gen.Double[-708, 709], Gen.Double[-1, 1], Gen.Double[-1e-9, 1e-9]).Sample(
            x => Units(Math.Exp(x), ExactMath.Exp(x)) <= 2, iter: 20_000);

    [Fact]
    public void KnowsTheEnds()
    {
        Assert.Equal(0.0, ExactMath.Log(1.0));
        Assert.Equal(1.0, ExactMath.Exp(0.0));
        Assert.Equal(1.0, ExactMath.Exp(-0.0));
        Assert.Equal(0.0, ExactMath.Exp(-708.5));
        Assert.Equal(0.0, ExactMath.Exp(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, ExactMath.Exp(709.5));
        Assert.True(double.IsNaN(ExactMath.Exp(double.NaN)));
    }

    // Same seed, same bits: these may never change. Found by the same sums in Python.
    [Theory]
    [InlineData(1e-300, -4574084695234936907)]
    [InlineData(0.02, -4607380525380002897)]
    [InlineData(0.7, -4623275132358410416)]
    [InlineData(3.0, 4607626529066517259)]
    [InlineData(12345.678, 4621493204086758961)]
    [InlineData(1e300, 4649287341619838901)]
    public void LogNeverChanges(double x, long bits) => Assert.Equal(bits, BitConverter.DoubleToInt64Bits(ExactMath.Log(x)));

    [Theory]
    [InlineData(-700.0, 58915316498509951)]
    [InlineData(-20.3, 4474954659885030542)]
    [InlineData(-0.1, 4606325270462671674)]
    [InlineData(1.0, 4613303445314885482)]
    [InlineData(12.345, 4687136159883018436)]
    [InlineData(700.0, 9155136748776909966)]
    public void ExpNeverChanges(double x, long bits) => Assert.Equal(bits, BitConverter.DoubleToInt64Bits(ExactMath.Exp(x)));

    private static long Units(double a, double b) =>
        Math.Abs(Ordered(a) - Ordered(b));

    private static long Ordered(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        return bits < 0 ? long.MinValue - bits : bits;
    }
}
