using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;
using Lottery.Kernels;
using Lottery.Kernels.Optimizers;
using Lottery.Numerics;
using Lottery.TestSupport.Cuda;

namespace Lottery.UnitTests.Cuda;

/// <summary>The optimizers of a card, in the emulator, have the bits of the processor's.</summary>
public class UpdateKernelTests
{
    [Theory]
    [InlineData(16, false, 1f)]
    [InlineData(16, true, 0.999f)]
    [InlineData(4_096, false, 0.9995f)]
    [InlineData(4_112, true, 1f)]
    public void Adam(int count, bool frozen, float shrink)
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        (float[] w, float[] m, float[] v, float[] g, ushort[] trained) = Values(count);
        var constants = new AdamUpdate.Constants
        {
            Beta1 = 0.9f, OneMinusBeta1 = 1 - 0.9f, Beta2 = 0.999f, OneMinusBeta2 = 1 - 0.999f, Rate = 1.2e-3f, Epsilon = 1e-8f, Shrink = shrink,
        };
        using var row = new DeviceRow(device, commands, new() { Update = new(constants, default) });
        using DeviceMemory dw = device.Allocate<float>(commands, w), dm = device.Allocate<float>(commands, m), dv = device.Allocate<float>(commands, v);
        using DeviceMemory dg = device.Allocate<float>(commands, g), bits = device.Allocate<ushort>(commands, trained);
        commands.Run(new("update/adam", 3, 256,
            dw.Address, dm.Address, dv.Address, dg.Address, frozen ? bits.Address : 0, Launch.Argument(count), row.Cursor));
        KernelRegistry.Kernels.Run(new AdamUpdate { W = w, M = m, V = v, G = g, Trained = frozen ? trained : default, Step = constants });
        Bits.Equal(w, commands, dw.Address);
        Bits.Equal(m, commands, dm.Address);
        Bits.Equal(v, commands, dv.Address);
    }

    [Theory]
    [InlineData(16, false, false, 0f, 0f)]
    [InlineData(4_112, true, true, 0.9f, 5e-4f)]
    [InlineData(4_096, false, false, 0.9f, 1e-4f)]
    public void Sgd(int count, bool frozen, bool nesterov, float momentum, float decay)
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        (float[] w, _, float[] v, float[] g, ushort[] trained) = Values(count);
        var constants = new SgdUpdate.Constants { Rate = 0.03f, Momentum = momentum, Decay = decay, Nesterov = nesterov };
        using var row = new DeviceRow(device, commands, new() { Update = new(default, constants) });
        using DeviceMemory dw = device.Allocate<float>(commands, w), dv = device.Allocate<float>(commands, v);
        using DeviceMemory dg = device.Allocate<float>(commands, g), bits = device.Allocate<ushort>(commands, trained);
        commands.Run(new("update/sgd", 1, 128, dw.Address, dv.Address, dg.Address, frozen ? bits.Address : 0, Launch.Argument(count), row.Cursor));
        KernelRegistry.Kernels.Run(new SgdUpdate { W = w, V = v, G = g, Trained = frozen ? trained : default, Step = constants });
        Bits.Equal(w, commands, dw.Address);
        Bits.Equal(v, commands, dv.Address);
    }

    [Fact]
    public void The_cursor_moves_to_the_next_row()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        using var row = new DeviceRow(device, commands, new());
        ulong before = commands.Read<ulong>(row.Cursor, 1)[0];
        commands.Run(new("update/advance", 1, 32, row.Cursor, Launch.Argument(StepRow.HeaderBytes)));
        Assert.Equal(before + StepRow.HeaderBytes, commands.Read<ulong>(row.Cursor, 1)[0]);
    }

    /// <summary>Ordinary values, zeros, denormals, and moments that pass the least.</summary>
    private static (float[] W, float[] M, float[] V, float[] G, ushort[] Trained) Values(int count)
    {
        var random = new RandomStream(7, $"update/{count}");
        float[] w = Draw(0, 1), m = Draw(1, 0.01), v = [.. Draw(2, 0.01).Select(MathF.Abs)], g = Draw(3, 0.1);
        return (w, m, v, g, [.. Enumerable.Range(0, count / 16).Select(i => (ushort)random.Bits(9_000_000 + i))]);

        float[] Draw(int which, double scale)
        {
            var values = new float[count];
            for (int i = 0; i < count; i++)
            {
                double normal = random.Normal(which * 1_000_000 + i) * scale;
                values[i] = (float)(i % 5 == which ? 0 : i % 7 == 3 ? normal * 1e-29 : i % 11 == 5 ? normal * 1e-40 : normal);
            }
            return values;
        }
    }
}
