using Lottery.Cuda.Driver;
using Lottery.Numerics;
using Lottery.TestSupport.Cuda;

namespace Lottery.UnitTests.Cuda;

/// <summary>The emulator runs threads as a card does, and finds what a card would let pass. The kernels are in EmulatorTests.cu.</summary>
public class EmulatorTests
{
    private const string Family = "EmulatorTests/";

    [Fact]
    public void Threads_see_what_others_wrote_before_a_barrier()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        using DeviceMemory to = device.Allocate(4 * 3 * 96);
        for (int turn = 0; turn < 2; turn++) commands.Run(new(Family + "reverse", 3, 1, 1, 96, 4 * 96, [to.Address]));
        int[] expected = [.. from block in Enumerable.Range(0, 3) from i in Enumerable.Range(0, 96) select 1000 * block + 95 - i];
        Assert.Equal(expected, commands.Read<int>(to.Address, 3 * 96));
    }

    [Fact]
    public void Lanes_exchange_every_kind_of_value()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        using DeviceMemory integers = device.Allocate(4 * 64 * 4), doubles = device.Allocate(8 * 64 * 2), sums = device.Allocate(4 * 64);
        for (int turn = 0; turn < 2; turn++)
        {
            commands.Run(new(Family + "exchange", 1, 64, integers.Address, doubles.Address, sums.Address));
            int[] i = commands.Read<int>(integers.Address, 4 * 64);
            double[] d = commands.Read<double>(doubles.Address, 2 * 64);
            float[] s = commands.Read<float>(sums.Address, 64);
            for (int t = 0; t < 64; t++)
            {
                int lane = t % 32, warp = t / 32 * 32;
                Assert.Equal(100 * (warp + (lane + 1) % 32), i[t]);
                Assert.Equal(100 * (warp + (lane ^ 5)), i[64 + t]);
                Assert.Equal(0b01001001001001001001001001001001, i[128 + t]);
                Assert.Equal(100 * (t / 16 * 16 + 3), i[192 + t]);
                Assert.Equal(1.0 / (1 + warp + (lane ^ 16)), d[t]);
                Assert.Equal(1.0 / (1 + warp + 31 - lane), d[64 + t]);
                Assert.Equal(Sum16(t / 16 * 16), s[t]);
            }
        }

        static float Sum16(int first)
        {
            float[] v = [.. Enumerable.Range(first, 16).Select(i => 1f / (1 + i))];
            return Lottery.Kernels.Elementwise.LaneSum.Tree(v);
        }
    }

    [Fact]
    public void Random_bits_are_those_of_the_processor()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        using DeviceMemory to = device.Allocate(4 * 4 * 32);
        commands.Run(new(Family + "random", 1, 32, to.Address, 0x123456789abcdef0));
        Assert.Equal(
            Enumerable.Range(0, 32).SelectMany(i =>
            {
                (uint x0, uint x1, uint x2, uint x3) = Philox.At(new((uint)i, 7, 0, 0), 0x9abcdef0, 0x12345678);
                return (uint[])[x0, x1, x2, x3];
            }),
            commands.Read<uint>(to.Address, 4 * 32));
    }

    [Fact]
    public void A_barrier_that_some_threads_never_reach_is_an_error()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        Assert.Contains("never reach", Fault("half_syncs"), StringComparison.Ordinal);
        Assert.Contains("never reach", Fault("half_shuffles"), StringComparison.Ordinal);
        Threads_see_what_others_wrote_before_a_barrier();

        string Fault(string name) => Assert.Throws<InvalidOperationException>(() => commands.Run(new(Family + name, 1, 64))).Message;
    }

    [Fact]
    public void What_lies_beyond_is_not_written()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        Assert.Contains("shared memory", Assert.Throws<InvalidOperationException>(
            () => commands.Run(new(Family + "reverse", 1, 1, 1, 96, 4 * 95, [commandsTarget().Address]))).Message, StringComparison.Ordinal);
        DeviceMemory small = device.Allocate(4 * 95);
        commands.Run(new(Family + "reverse", 1, 1, 1, 96, 4 * 96, [small.Address]));
        Assert.Contains("beyond the end", Assert.Throws<InvalidOperationException>(small.Dispose).Message, StringComparison.Ordinal);

        DeviceMemory commandsTarget() => device.Allocate(4 * 96);
    }

    [Fact]
    public void A_result_that_depends_on_the_order_of_threads_shows()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        using DeviceMemory to = device.Allocate(4);
        commands.Run(new(Family + "last_writes", 1, 64, to.Address));
        int first = commands.Read<int>(to.Address, 1)[0];
        commands.Run(new(Family + "last_writes", 1, 64, to.Address));
        Assert.NotEqual(first, commands.Read<int>(to.Address, 1)[0]);
    }

    [Fact]
    public void A_lazy_card_does_nothing_before_it_is_waited_for()
    {
        using var device = EmulatedDevice.OrSkip(isLazy: true);
        using ICommands one = device.NewStream(), other = device.NewStream();
        DeviceMemory x = device.Allocate(4 * 32);
        one.Fill(x.Address, 5, 32);
        one.Run(new(Family + "add_one", 1, 32, x.Address));
        // What another queue writes meanwhile comes first, although it was given later.
        other.Write(x.Address, [7]);
        other.Synchronize();
        Assert.Equal(0, device.Launches);
        Assert.Equal(7, other.Read<int>(x.Address, 1)[0]);
        Assert.Equal(6, one.Read<int>(x.Address, 1)[0]);
        // What is given back stays readable for those that have not begun.
        one.Fill(x.Address, 1, 32);
        x.Dispose();
        Assert.Equal(0, device.UsedBytes);
        one.Synchronize();
    }

    [Fact]
    public void A_launch_that_does_not_fit_its_kernel_is_refused()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        Assert.Throws<DeviceException>(() => commands.Run(new(Family + "last_writes", 1, 96, 0ul)));
        Assert.Throws<DeviceException>(() => commands.Run(new(Family + "last_writes", 1, 64, 0ul, 0ul)));
        Assert.Throws<DeviceException>(() => commands.Run(new(Family + "none", 1, 64)));
    }

    [Fact]
    public void A_recording_runs_as_often_as_it_is_asked_to()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        using DeviceMemory x = device.Allocate(64), y = device.Allocate(64);
        using IGraph graph = commands.Record(c =>
        {
            c.Fill(x.Address, 5, 16);
            c.Copy(y.Address, x.Address, 32);
            c.Run(new(Family + "add_one", 1, 32, y.Address));
        });
        Assert.Equal(0, commands.Read<int>(x.Address, 1)[0]);
        graph.Launch();
        graph.Launch();
        Assert.Equal([6, 6, 6, 6, 6, 6, 6, 6, 2, 2, 2, 2, 2, 2, 2, 2], commands.Read<int>(y.Address, 16));
        Assert.Throws<InvalidOperationException>(() => commands.Record(c => c.Synchronize()));
    }
}
