using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.UnitTests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Constant_is_one_at_every_step() =>
        Assert.All((int[])[0, 1, 99, 1_000_000], step => Assert.Equal(1.0, LearningRateSchedule.Constant.FactorAt(step, 100)));

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.75)]
    [InlineData(3, 1.0)]
    [InlineData(4, 1.0)]
    [InlineData(9, 1.0)]
    [InlineData(10, 0.1)]
    [InlineData(19, 0.1)]
    [InlineData(20, 0.01)]
    [InlineData(1000, 0.01)]
    public void It_rises_over_the_warm_up_and_falls_at_each_step(int step, double factor) =>
        Assert.Equal(factor, new LearningRateSchedule { WarmUp = 4, At = [10, 20], Factor = 0.1 }.FactorAt(step, 2_000), 1e-15);

    [Fact]
    public void A_fall_within_the_warm_up_counts_too() =>
        Assert.Equal(0.5 * 0.3, new LearningRateSchedule { WarmUp = 4, At = [1], Factor = 0.3 }.FactorAt(1, 100), 1e-15);

    [Theory]
    [InlineData(0, 0.0)]
    [InlineData(10, 0.0)]
    [InlineData(0, 0.25)]
    [InlineData(10, 0.25)]
    public void A_cosine_is_that_of_PyTorch(int warmUp, double to)
    {
        LearningRateSchedule schedule = new() { WarmUp = warmUp, Cosine = to };
        for (int step = 0; step <= 110; step++)
        {
            // CosineAnnealingLR(T_max=100 - warm-up, eta_min=to), in its closed form.
            double expected = step < warmUp ? (step + 1.0) / warmUp
                : to + (1 - to) * (1 + Math.Cos(Math.PI * Math.Min(1, (step - warmUp) / (100.0 - warmUp)))) / 2;
            Assert.Equal(expected, schedule.FactorAt(step, 100), 1e-15);
        }
        Assert.Equal(1.0, schedule.FactorAt(warmUp, 100));
        Assert.Equal(to, schedule.FactorAt(100, 100));
    }

    /// <summary>The library's cosine may differ between machines in its last bit; a run must not.</summary>
    [Fact]
    public void The_bits_of_a_cosine_never_change()
    {
        long sum = 0;
        for (int step = 0; step < 1_000; step++) sum = unchecked(31 * sum + BitConverter.DoubleToInt64Bits(ExactMath.CosineOfPi(step / 1_000.0)));
        Assert.Equal(-3914310313334875439, sum);
        for (int step = 0; step <= 1_000; step++) Assert.Equal(Math.Cos(Math.PI * (step / 1_000.0)), ExactMath.CosineOfPi(step / 1_000.0), 1e-15);
    }

    [Fact]
    public void Equal_values_are_one_schedule()
    {
        LearningRateSchedule one = new() { At = [1, 2], Factor = 0.5, WarmUp = 3 }, same = one with { At = [1, 2] };
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.All((LearningRateSchedule[])[one with { At = [1, 3] }, one with { Cosine = 0 }, one with { Factor = 0.4 }, one with { WarmUp = 2 }],
            other => Assert.NotEqual(one, other));
    }
}
