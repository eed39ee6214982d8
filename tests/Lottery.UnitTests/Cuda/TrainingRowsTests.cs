using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

namespace Lottery.UnitTests.Cuda;

/// <summary>The rows of many steps are what the processor's engine goes by; examples lie on a device once.</summary>
public class TrainingRowsTests
{
    [Fact]
    public void Rows_show_the_examples_of_each_step_over_epochs()
    {
        using var device = new EmulatedDevice();
        using ICommands commands = device.NewStream();
        Network network = SmallImages.Network;
        SplitDataset data = SmallImages.Data;
        using CompiledPlan plan = new(network, Mask.Full(network), KernelRegistry.Kernels);
        var task = new TrainingTask
        {
            Mask = Mask.Full(network), Start = InitialWeights.Sample(network, 3), Data = data, Seed = 5, FirstStep = 2,
            Training = new() { Optimizer = Optimizer.Adam(0.01), Batch = 20, Steps = 30, Evaluate = 10, Schedule = new() { WarmUp = 6 } },
        };
        using var rows = new TrainingRows(device, task, plan, new(data, 5, 20, 2));
        using var table = new StepTable(device, rows.Keys, capacity: 12);
        Assert.Equal(plan.Operations.OfType<DropoutOperation>().Count(), rows.Keys);
        var plain = new EpochOrders(data, 5, 20, 2);
        List<int> filled = [];
        for (int step = 2; step < 30; step += filled[^1])
        {
            filled.Add(rows.Fill(table, commands, step, 30 - step));
            ulong cursor = table.Cursor;
            for (int i = 0; i < filled[^1]; i++)
            {
                ulong row = commands.Read<ulong>(cursor, 1)[0];
                long first = commands.Read<long>(row, 1)[0];
                int slot = commands.Read<int>(row + 8, 1)[0], count = commands.Read<int>(row + 68, 1)[0];
                Assert.Equal((i, 20), (slot, count));
                Assert.Equal(plain.Batch(step + i).ToArray(), commands.Read<int>(rows.Orders + 4 * (ulong)first, 20));
                float rate = commands.Read<float>(row + 48, 1)[0];
                Assert.Equal(OptimizerConstants.Of(Optimizer.Adam(0.01), step + i - 1, task.Training.FactorAt(step + i)).Adam.Rate, rate);
                (uint key0, uint key1) = plan.Operations.OfType<DropoutOperation>().Last().Stream(5, step + i + 1).Key;
                Assert.Equal([key0, key1], commands.Read<uint>(row + StepRow.HeaderBytes + 8 * (ulong)(rows.Keys - 1), 2));
                commands.Write<ulong>(cursor, [row + (ulong)table.Stride]);
            }
        }
        // Epochs have four steps: two of them at most lie on the device.
        Assert.Equal([6, 8, 8, 6], filled);
    }

    [Fact]
    public void Examples_lie_on_a_device_once()
    {
        using var device = new EmulatedDevice();
        var data = new DeviceData(device);
        Examples train = SmallImages.Data.Dataset.Train, same = train with { Pixels = train.Pixels.ToArray() };
        DeviceExamples one = data.Take(train), two = data.Take(same), other = data.Take(SmallImages.Data.Dataset.Test);
        Assert.Equal(one.Values, two.Values);
        Assert.NotEqual(one.Values, other.Values);
        Assert.Equal(DeviceExamples.BytesOf(train) + DeviceExamples.BytesOf(SmallImages.Data.Dataset.Test), device.UsedBytes, 16.0 * 6);
        one.Dispose();
        one.Dispose();
        using ICommands commands = device.NewStream();
        Assert.Equal(train.Pixels.ToArray(), commands.Read<byte>(two.Values, train.Pixels.Length));
        two.Dispose();
        other.Dispose();
        Assert.Equal(0, device.UsedBytes);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var device = new EmulatedDevice(bytes: 1_000);
        DeviceException fault = Assert.Throws<DeviceException>(() => new DeviceData(device).Take(SmallImages.Data.Dataset.Train));
        Assert.Equal(DeviceFault.OutOfMemory, fault.Fault);
        Assert.Equal(0, device.UsedBytes);
    }
}
