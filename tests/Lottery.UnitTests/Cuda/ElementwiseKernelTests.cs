using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Numerics;
using Lottery.TestSupport.Cuda;

namespace Lottery.UnitTests.Cuda;

/// <summary>Kernels that go value by value, in the emulator, have the bits of the processor's.</summary>
public class ElementwiseKernelTests
{
    [Theory]
    [InlineData(16, 0.5, false)]
    [InlineData(4_096 + 48, 0.2, true)]
    [InlineData(1_000 * 16, 0.0, false)]
    public void Dropout_of_features(int count, double rate, bool masked)
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        (float[] x, float[] mask) = (Values(count, 1), Values(count, 2));
        var stream = new RandomStream(4, "dropout/drop/7");
        using var row = new DeviceRow(device, commands, new(), (1, 2), stream.Key);
        using DeviceMemory dx = device.Allocate<float>(commands, x), dm = device.Allocate<float>(commands, mask);
        commands.Run(ElementwiseLaunches.Dropout(dx.Address, masked ? dm.Address : 0, dx.Address, count, 0, rate, key: 1, row.Cursor));
        var y = new float[count];
        KernelRegistry.Kernels.Run(new DropoutValues { Random = stream, First = 0, Rate = rate, X = x, ReluMask = masked ? mask : default, Y = y });
        Bits.Equal(y, commands, dx.Address);
    }

    [Theory]
    [InlineData(3, 12)]
    [InlineData(4, 5)]
    public void Dropout_of_images(int tiles, int rows)
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        int count = tiles * rows * 16;
        float[] x = Values(count, 1), y = new float[count], there = new float[(tiles + 1) / 2 * rows * 32];
        var stream = new RandomStream(4, "dropout/drop/7");
        KernelRegistry.Kernels.Run(new DropoutValues { Random = stream, First = 0, Rate = 0.3, X = x, ReluMask = default, Y = y });
        for (int i = 0; i < count; i++) there[Place(i)] = x[i];
        using var row = new DeviceRow(device, commands, new(), stream.Key);
        using DeviceMemory dx = device.Allocate<float>(commands, there), dy = device.Allocate(4 * there.Length);
        commands.Run(ElementwiseLaunches.Dropout(dx.Address, 0, dy.Address, count, rows, 0.3, key: 0, row.Cursor));
        float[] result = commands.Read<float>(dy.Address, there.Length);
        Bits.Equal(y, [.. Enumerable.Range(0, count).Select(i => result[Place(i)])]);

        int Place(int i) => i / (rows * 16) / 2 * rows * 32 + i % (rows * 16) / 16 * 32 + i / (rows * 16) % 2 * 16 + i % 16;
    }

    [Fact]
    public void Relu()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        (float[] x, float[] mask) = (Values(4_000, 1), Values(4_000, 2));
        using DeviceMemory dx = device.Allocate<float>(commands, x), dm = device.Allocate<float>(commands, mask), dy = device.Allocate(16_000);
        commands.Run(ElementwiseLaunches.Relu(dm.Address, dx.Address, dy.Address, 4_000));
        KernelRegistry.Kernels.Run(new ReluMask { Mask = mask, Values = x });
        Bits.Equal(x, commands, dy.Address);
    }

    [Fact]
    public void What_is_not_finite_is_counted()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        float[] x = Values(3_000, 1);
        (x[0], x[17], x[2_999], x[300]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue);
        using DeviceMemory dx = device.Allocate<float>(commands, x), found = device.Allocate(4);
        commands.Run(ElementwiseLaunches.CountNotFinite(dx.Address, x.Length, found.Address));
        Assert.Equal(3, commands.Read<int>(found.Address, 1)[0]);
    }

    private static float[] Values(int count, ulong seed)
    {
        var random = new RandomStream(seed, "values");
        return [.. Enumerable.Range(0, count).Select(i => i % 9 == 4 ? 0f : i % 9 == 7 ? -0f : (float)random.Normal(i))];
    }
}
