using Lottery.Networks;
using Lottery.Studies.Store.Activity;
using Lottery.Studies.Store.Files;

namespace Lottery.UnitTests.Studies;

public sealed class CheckpointClockTests
{
    /// <summary>The bytes of a checkpoint, the seconds that writing it took, and the seconds until the next one.</summary>
    [Theory]
    [InlineData(1_000, 0, 1)]
    [InlineData(4_260_000, 0.01, 1)]
    [InlineData(4_260_000, 0.1, 5)]
    [InlineData(4_260_000, 1, 10)]
    [InlineData(36_000_000, 0.05, 7.2)]
    [InlineData(36_000_000, 0.5, 25)]
    [InlineData(410_000_000, 0.5, 82)]
    [InlineData(410_000_000, 5, 250)]
    [InlineData(410_000_000, 100, 820)]
    public void Small_checkpoints_come_every_second_to_ten_and_large_ones_at_five_megabytes_a_second_at_most(long bytes, double writing, double expected) =>
        Assert.Equal(expected, CheckpointClock.Interval(bytes, TimeSpan.FromSeconds(writing)).TotalSeconds, 6);

    [Fact]
    public void The_size_is_known_before_the_first()
    {
        using var folder = new TemporaryFolder();
        long real = DurableFile.Replace(folder["checkpoint"], file => CheckpointFile.Write(file, new string('a', 64), MadeUp.Checkpoint(MadeUp.Dense(network: Network.Lenet300100), 100)));
        Assert.InRange(real, 0, 1.05 * CheckpointClock.BytesOf(Network.Lenet300100));
        Assert.Equal(4_264_160, CheckpointClock.BytesOf(Network.Lenet300100), 10_000.0);
    }

    [Fact]
    public void None_is_due_at_once() => Assert.False(new CheckpointClock(4_000_000_000).IsDue);
}
