using Lottery.Cuda.Driver;
using Lottery.Cuda.Plans;
using Lottery.Cuda.Training;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

namespace Lottery.UnitTests.Cuda;

/// <summary>Trainings in a block, in the emulator, leave the weights, the moments and the losses of the processor's engine.</summary>
public class BlockTrainingTests
{
    private const int WholeCard = 227 << 10;

    public static TheoryData<string, string, int, int> Cases { get; } = new()
    {
        // Network, optimizer, batch, bytes of shared memory.
        { "mlp:37-24-11-5", "adam", 60, WholeCard },
        { "mlp:37-24-11-5", "adam", 64, 21_000 },
        { "mlp:36-20-10-4", "adamw", 49, WholeCard },
        { "mlp:40-12-3", "sgd", 50, WholeCard },
        { "mlp:100-33-20-17-4", "nesterov", 61, WholeCard },
        { "mlp:30-6", "adam", 60, WholeCard },
        { "mlp:40-12-3", "sgd", 16, WholeCard },
        { "mlp:40-12-3", "adamw", 33, 21_000 },
        { "mlp:37-24-11-5", "nesterov", 5, WholeCard },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Small_networks(string name, string optimizer, int batch, int shared) =>
        Check(NetworkCatalogue.Get(name), 0.3, optimizer, batch, shared, steps: [3, 1, 9], standardize: batch % 2 == 1);

    [Theory]
    [InlineData("mlp:37-24-11-5", 1, "adam", 60)]
    [InlineData("mlp:70-65-5", 1, "sgd", 49)]
    [InlineData("mlp:33-200-6", 1, "nesterov", 64)]
    [InlineData("mlp:40-30-20-5", 0.8, "adam", 61)]
    [InlineData("mlp:40-30-20-5", 0.5, "adamw", 60)]
    [InlineData("mlp:40-30-20-5", 0.7, "sgd", 17)]
    [InlineData("mlp:37-24-11-5", 1, "adam", 3)]
    public void Dense_layers_and_weights_that_are_held(string name, double density, string optimizer, int batch) =>
        Check(NetworkCatalogue.Get(name), density, optimizer, batch, WholeCard, steps: [2, 3], standardize: batch % 2 == 1, frozen: batch == 61);

    [Fact]
    public void Lenet_as_in_the_paper() => Check(Network.Lenet300100, 0.02, "adam", 60, WholeCard, steps: [1, 1], standardize: false);

    [Theory]
    [InlineData("mlp:20-1000-4", 60)]
    [InlineData("mlp:20-10-4", 65)]
    public void What_does_not_fit_runs_as_graphs(string name, int batch)
    {
        using var device = new EmulatedDevice();
        Network network = NetworkCatalogue.Get(name);
        using CompiledPlan plan = new(network, PlanOnCard.Some(network, 0.4), KernelRegistry.Kernels);
        Assert.False(BlockTraining.Fits(device.SharedBytes, plan, batch, SmallData.Examples(100, 20, 4, 1), Augmentation.None));
    }

    private static void Check(Network network, double density, string optimizer, int batch, int shared, int[] steps, bool standardize, bool frozen = false)
    {
        using var device = new EmulatedDevice { SharedBytes = shared };
        if (KernelCompiler.Path is null) Assert.Skip("needs a C++ compiler for the emulator of kernels");
        using BlockQueue commands = new BlockFleet(device).NewQueue();
        TrainingTask task = Task(network, density, optimizer, batch, steps.Sum(), standardize, frozen);
        using var processor = new CpuEngine(task, Orders(task), KernelRegistry.Kernels, threads: 1);

        using CompiledPlan plan = new(network, task.Mask, KernelRegistry.Kernels, task.HasFrozen, zeros: ZeroInputs.ShareOf(task.Data.Dataset.Train));
        plan.Load(task.Start);
        using var card = new CudaPlan(device, commands, plan, batch, batch);
        card.Upload(commands);
        using DeviceExamples examples = new DeviceData(device).Take(task.Data.Dataset.Train);
        Assert.True(BlockTraining.Fits(shared, plan, batch, task.Data.Dataset.Train, Augmentation.None));
        using var rows = new TrainingRows(device, task, plan, Orders(task));
        using var table = new StepTable(device, rows.Keys, capacity: 100);
        DeviceMemory[] moments =
            [.. Enumerable.Range(0, UpdateLaunches.MomentsOf(task.Training.Optimizer)).Select(_ => device.Allocate(sizeof(float) * (long)plan.Layout.Length))];
        using AlignedBuffer<ushort> bits = plan.Layout.Trained(task.Mask);
        using DeviceMemory trained = device.Allocate<ushort>(commands, bits.Span);
        using var block = new BlockTraining(
            device, commands, card, examples, rows.Orders, task.Training.Optimizer, Array.ConvertAll(moments, one => one.Address),
            plan.Layout.HasFrozen ? trained.Address : 0, table);

        int step = 0;
        foreach (int count in steps)
        {
            for (int done = 0; done < count;)
            {
                int some = rows.Fill(table, commands, step, count - done);
                commands.Run(block.Train(some));
                var losses = new double[some];
                table.ReadLosses(commands, losses);
                var own = new double[1];
                foreach (double loss in losses)
                {
                    processor.Train(step++, own);
                    Assert.Equal(own[0], loss / batch);
                }
                done += some;
            }
            card.Download(commands);
            AssertSame(processor.Save(), plan.Save());
            Evaluate(device, commands, block, task, processor);
        }
        Checkpoint stored = processor.Store(
            new() { Step = step, Evaluations = [], BatchOrders = [], LossSum = 0, Seconds = 0, EvaluationSeconds = 0 });
        foreach ((int i, DeviceMemory moment) in moments.Index())
        {
            AssertSame(stored.Weights!.Moments[i], plan.Layout.Save(commands.Read<float>(moment.Address, plan.Layout.Length)));
            moment.Dispose();
        }
    }

    /// <summary>All test examples in batches of 64, and a last one that is smaller, on three blocks.</summary>
    private static void Evaluate(EmulatedDevice device, BlockQueue commands, BlockTraining block, TrainingTask task, CpuEngine processor)
    {
        Examples test = task.Data.Dataset.Test;
        int[] indices = [.. Enumerable.Range(0, test.Count).Reverse()];
        using DeviceExamples examples = new DeviceData(device).Take(test);
        using DeviceMemory order = device.Allocate<int>(commands, indices);
        using var table = new StepTable(device, keys: 0, capacity: 10);
        for (int first = 0; first < indices.Length; first += 64) table.Add(new() { First = first, Count = Math.Min(64, indices.Length - first) });
        table.Load(commands);
        commands.Run(block.Evaluate(block.Of(commands, examples, order.Address, table), table.Count, blocks: 3));
        var losses = new double[table.Count];
        var correct = new int[table.Count];
        table.ReadLosses(commands, losses);
        table.ReadCorrect(commands, correct);
        (double loss, int right) = (0, 0);
        for (int i = 0; i < table.Count; i++) (loss, right) = (loss + losses[i], right + correct[i]);
        Assert.Equal(processor.Test(test, indices).Metrics, new TestMetrics(loss / indices.Length, (double)right / indices.Length));
    }

    private static void AssertSame(Weights processor, Weights card)
    {
        for (int p = 0; p < processor.Network.Parameters.Length; p++) Bits.Equal(processor[p], card[p]);
    }

    private static TrainingTask Task(Network network, double density, string optimizer, int batch, int steps, bool standardize, bool frozen)
    {
        SplitDataset data = SmallData.Split(train: 6 * batch + 5, validation: 10, test: 300, network.Inputs, network.Outputs);
        if (standardize)
            data = data with { Dataset = data.Dataset with { Train = data.Dataset.Train with { Scale = PixelScale.Standardized((70, 60)) } } };
        Mask mask = PlanOnCard.Some(network, density);
        Weights start = InitialWeights.Sample(network, 4);
        for (int p = 0; p < network.Parameters.Length; p++)
            for (int k = 0; k < start[p].Length && mask[p] is not null && !frozen; k++)
                if (!mask[p]![k]) start[p][k] = 0;
        return new()
        {
            Mask = mask, Start = start, Data = data, Seed = 5,
            Training = new() { Optimizer = Rule(optimizer), Batch = batch, Steps = steps, Evaluate = steps, Schedule = new() { WarmUp = 4 } },
        };
    }

    private static Optimizer Rule(string name) => name switch
    {
        "adam" => Optimizer.Adam(5e-3),
        "adamw" => Optimizer.AdamW(5e-3, weightDecay: 0.02),
        "sgd" => Optimizer.Sgd(0.1, momentum: 0.9, weightDecay: 1e-3),
        _ => Optimizer.Sgd(0.1, momentum: 0.9, weightDecay: 1e-3, nesterov: true),
    };

    private static EpochOrders Orders(TrainingTask task) => new(task.Data, task.Seed, task.Training.Batch, task.FirstStep);
}
