using Lottery.Specifications;

namespace Lottery.UnitTests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Constant_is_one_at_every_step() =>
        Assert.All((int[])[0, 1, 99, 1_000_000], step => Assert.Equal(1.0, LearningRateSchedule.Constant.FactorAt(step)));

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
        Assert.Equal(factor, new LearningRateSchedule { WarmUp = 4, At = [10, 20], Factor = 0.1 }.FactorAt(step), 1e-15);

    [Fact]
    public void A_fall_within_the_warm_up_counts_too() =>
        Assert.Equal(0.5 * 0.3, new LearningRateSchedule { WarmUp = 4, At = [1], Factor = 0.3 }.FactorAt(1), 1e-15);

    [Fact]
    public void Equal_values_are_one_schedule()
    {
        LearningRateSchedule one = new() { At = [1, 2], Factor = 0.5, WarmUp = 3 }, same = one with { At = [1, 2] };
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.All((LearningRateSchedule[])[one with { At = [1, 3] }, one with { Factor = 0.4 }, one with { WarmUp = 2 }],
            other => Assert.NotEqual(one, other));
    }
}
