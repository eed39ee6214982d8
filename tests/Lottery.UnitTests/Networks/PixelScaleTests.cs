using CsCheck;
using Lottery.Networks;

namespace Lottery.UnitTests.Networks;

public sealed class PixelScaleTests
{
    [Fact]
    public void Unit_is_the_correctly_rounded_quotient_of_every_byte()
    {
        for (int value = 0; value < 256; value++) Assert.Equal((float)(value / 255.0), PixelScale.Unit.Of(2, (byte)value));
    }

    [Fact]
    public void Standardized_bytes_are_as_good_as_rounded_once() =>
        Gen.Select(Gen.Double[0, 255], Gen.Double[0.01, 128], Gen.Byte).Sample((mean, deviation, value) =>
        {
            double exact = (value - mean) / deviation;
            float actual = PixelScale.Standardized((mean, deviation)).Of(0, value);
            // The shift is a single-precision number, so half of its last place is lost, and half of the result's; of a tiny one all.
            return Math.Abs(actual - exact) <= 1.2e-7 * (mean / deviation + Math.Abs(exact)) + float.Epsilon;
        });

    [Fact]
    public void Each_channel_has_its_own_numbers()
    {
        var scale = PixelScale.Standardized((10, 2), (100, 50), (7, 0));
        Assert.Equal((3, 9), (scale.Channels, scale.Numbers.Length));
        Assert.Equal([0f, 1f, -5f], [scale.Of(0, 10), scale.Of(0, 12), scale.Of(0, 0)]);
        Assert.Equal(0f, scale.Of(1, 100), 1e-7f);
        Assert.Equal([1f, -2f], [scale.Of(1, 150), scale.Of(1, 0)]);
        Assert.Equal(0f, scale.Of(2, 7));
    }

    [Fact]
    public void What_is_no_scale_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new PixelScale([]));
        Assert.Throws<ArgumentException>(() => new PixelScale([1, 2]));
        Assert.Throws<ArgumentException>(() => new PixelScale([1, float.NaN, 0]));
    }
}
