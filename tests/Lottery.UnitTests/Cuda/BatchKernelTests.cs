using Lottery.Cuda.Driver;
using Lottery.Cuda.Operations;
using Lottery.Cuda.Training;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

namespace Lottery.UnitTests.Cuda;

/// <summary>Batches, losses and what evaluations count, in the emulator, have the bits of the processor's.</summary>
public class BatchKernelTests
{
    private static readonly Network s_flat = NetworkCatalogue.Get("mlp:72-9-4"), s_images = SmallImages.Network;

    public static TheoryData<int, int> Batches => new() { { 1, 1 }, { 16, 16 }, { 17, 17 }, { 48, 48 }, { 60, 60 }, { 64, 23 }, { 64, 64 }, { 80, 80 } };

    [Theory]
    [MemberData(nameof(Batches))]
    public void Features_of_bytes(int batch, int count) => Assemble(s_flat, Data(Scaling.MeanStd), batch, count, Augmentation.None);

    [Theory]
    [MemberData(nameof(Batches))]
    public void Images(int batch, int count) => Assemble(s_images, Data(Scaling.MeanStd), batch, count, Augmentation.None);

    [Theory]
    [InlineData(Augmentation.Crop)]
    [InlineData(Augmentation.Flip)]
    [InlineData(Augmentation.Crop | Augmentation.Flip)]
    public void Changed_images(Augmentation augment) => Assemble(s_images, Data(Scaling.MeanStd), 60, 60, augment);

    [Fact]
    public void Changed_images_as_features() => Assemble(s_flat, Data(Scaling.Unit), 33, 33, Augmentation.Crop | Augmentation.Flip);

    [Theory]
    [InlineData(60)]
    [InlineData(17)]
    public void Numeric_features(int count)
    {
        var random = new RandomStream(3, "features");
        float[] values = [.. Enumerable.Range(0, 90 * 72).Select(i => (float)random.Normal(i))];
        byte[] labels = [.. Enumerable.Range(0, 90).Select(i => (byte)(i % 4))];
        var scale = PixelScale.Standardized([.. Enumerable.Range(0, 72).Select(i => (0.1 * i, 1 + 0.01 * i))]);
        Examples examples = Examples.FromFeatures(values, labels, 72) with { Scale = scale };
        Assemble(s_flat, SmallImages.Data with { Dataset = SmallImages.Data.Dataset with { Train = examples } }, 60, count, Augmentation.None);
    }

    /// <summary>More tiles than one round of the kernel has.</summary>
    [Theory]
    [InlineData(600, 600)]
    [InlineData(1_100, 1_000)]
    [MemberData(nameof(Batches))]
    public void The_loss_and_its_gradient(int batch, int count)
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        using CompiledPlan plan = Plan(s_flat);
        using TensorBuffers x = plan.Allocate(batch);
        using var on = CudaBuffers.OfValues(device, plan, batch);
        x.Tiles.Count = count;
        Scores(x.All(plan.Output));
        CardTensors.Write(commands, on, plan.Output, x);
        Examples examples = SmallImages.Data.Dataset.Train;
        int[] order = [.. Enumerable.Range(5, count).Select(i => i % examples.Count)];
        using DeviceMemory orders = device.Allocate<int>(commands, [0, 0, 0, .. order]);
        using DeviceExamples lying = new DeviceData(device).Take(examples);
        using var table = new StepTable(device, 0, 3);
        using var launches = new BatchLaunches(device, commands, plan, on);
        table.Add(new());
        table.Add(new() { First = 3, Count = count });
        table.Load(commands);
        commands.Run(table.Advance);
        commands.Run(launches.Softmax(lying, orders.Address, table, count));
        double loss = 0;
        byte[] labels = [.. order.Select(i => examples.Labels.Span[i])];
        for (int tile = 0; tile < x.Tiles.Tiles; tile++)
            plan.Kernels.Run(new SoftmaxCrossEntropy
            {
                Y = x.At(plan.Output, tile), Labels = labels.AsSpan()[x.Tiles.Examples(tile)], Classes = 4, Lanes = x.Tiles.Lanes, Scale = 1f / count,
                Loss = new(ref loss),
            });
        var losses = new double[2];
        table.ReadLosses(commands, losses);
        Assert.Equal(loss, losses[1]);
        // Rows beyond the classes are never read.
        float[] there = CardTensors.Read(commands, on, plan.Output);
        for (int tile = 0; tile < x.Tiles.Tiles; tile++)
            Bits.Equal(
                x.At(plan.Output, tile)[..(4 * x.Tiles.Lanes)], there.AsSpan(tile * plan.Output.TileLength(x.Tiles.Lanes), 4 * x.Tiles.Lanes));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1)]
    [InlineData(37)]
    public void An_evaluation_counts_what_is_right(int count)
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        using CompiledPlan plan = Plan(s_flat);
        using TensorBuffers x = plan.Allocate(64);
        using var on = CudaBuffers.OfValues(device, plan, 64);
        x.Tiles.Count = count;
        Scores(x.All(plan.Output));
        // Equal scores: the first counts.
        x.All(plan.Output)[64] = x.All(plan.Output)[0];
        CardTensors.Write(commands, on, plan.Output, x);
        Examples examples = SmallImages.Data.Dataset.Train;
        int[] order = [.. Enumerable.Range(0, count)];
        using DeviceMemory orders = device.Allocate<int>(commands, order);
        using DeviceExamples lying = new DeviceData(device).Take(examples);
        using var table = new StepTable(device, 0, 1);
        using var launches = new BatchLaunches(device, commands, plan, on);
        table.Add(new() { Count = count });
        table.Load(commands);
        commands.Run(launches.Evaluate(lying, orders.Address, table));
        byte[] labels = [.. order.Select(i => examples.Labels.Span[i])];
        float[] scores = x.All(plan.Output).ToArray();
        int right = Enumerable.Range(0, count).Count(lane =>
            labels[lane] == Enumerable.Range(0, 4).MaxBy(c => scores[c * 64 + lane]));
        double loss = 0;
        plan.Kernels.Run(new SoftmaxCrossEntropy { Y = x.All(plan.Output), Labels = labels, Classes = 4, Lanes = 64, Scale = 1, Loss = new(ref loss) });
        var losses = new double[1];
        var correct = new int[1];
        table.ReadLosses(commands, losses);
        table.ReadCorrect(commands, correct);
        Assert.Equal((loss, right), (losses[0], correct[0]));
        if (count > 1) Assert.InRange(right, 1, count - 1);
    }

    [Fact]
    public void Tiles_of_an_evaluation_have_rows_of_their_own()
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        using CompiledPlan plan = Plan(s_images);
        Examples examples = SmallImages.Data.Dataset.Train;
        int[] order = [.. Enumerable.Range(0, 90).Reverse()];
        using DeviceMemory orders = device.Allocate<int>(commands, order);
        using DeviceExamples lying = new DeviceData(device).Take(examples);
        using var many = CudaBuffers.OfValues(device, plan, 256);
        using var launches = new BatchLaunches(device, commands, plan, many);
        using var table = new StepTable(device, 0, 4);
        table.Add(new() { First = 0, Count = 64 });
        table.Add(new() { First = 64, Count = 26 });
        table.Add(new());
        table.Add(new() { First = 10, Count = 1 });
        table.Load(commands);
        commands.Run(launches.Assemble(lying, orders.Address, table.Cursor, rowStride: table.Stride));
        float[] all = CardTensors.Read(commands, many, plan.Input);
        commands.Fill(many[plan.Output], 0, many.Length(plan.Output));
        commands.Run(launches.Evaluate(lying, orders.Address, table));
        var losses = new double[4];
        var correct = new int[4];
        table.ReadLosses(commands, losses);
        table.ReadCorrect(commands, correct);
        foreach ((int tile, (int first, int count)) in new (int First, int Count)[] { (0, 64), (64, 26), (0, 0), (10, 1) }.Index())
        {
            using TensorBuffers x = plan.Allocate(64);
            if (count > 0) new BatchSource(plan, x).Fill(examples, order.AsSpan(first, count), []);
            int length = all.Length / 4;
            Bits.Equal(x.All(plan.Input), all.AsSpan(tile * length, length));
            Assert.Equal(order.AsSpan(first, count).ToArray().Count(i => examples.Labels.Span[i] == 0), correct[tile]);
            Assert.Equal(count * Math.Log(4), losses[tile], 1e-9);
        }
    }

    private static SplitDataset Data(Scaling scale)
    {
        SplitDataset data = SmallImages.Data;
        return scale == Scaling.Unit
            ? data
            : data with { Dataset = data.Dataset with { Train = data.Dataset.Train with { Scale = PixelScale.Standardized((60, 70), (50, 90)) } } };
    }

    private static CompiledPlan Plan(Network network) => new(network, Mask.Full(network), KernelRegistry.Kernels);

    private static void Scores(Span<float> values)
    {
        var random = new RandomStream(11, "scores");
        for (int i = 0; i < values.Length; i++) values[i] = (float)(random.Normal(i) * (i % 13 == 0 ? 90 : 3));
    }

    private static void Assemble(Network network, SplitDataset data, int batch, int count, Augmentation augment)
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        using CompiledPlan plan = Plan(network);
        using TensorBuffers x = plan.Allocate(batch);
        using var on = CudaBuffers.OfValues(device, plan, batch);
        Examples examples = data.Dataset.Train;
        var random = new RandomStream(5, "order");
        int[] order = [.. Enumerable.Range(0, count).Select(i => random.Below(i, examples.Count))];
        var source = new BatchSource(plan, x);
        if (augment == Augmentation.None) source.Fill(examples, order, []);
        else
        {
            var augmenter = new Augmenter(data with { Specification = data.Specification with { Augment = augment } }, 9, batch);
            ReadOnlySpan<int> places = augmenter.Fill(2, order);
            source.Fill(augmenter.Examples, places, []);
        }
        using DeviceMemory orders = device.Allocate<int>(commands, [0, .. order]);
        using DeviceExamples lying = new DeviceData(device).Take(examples);
        using var launches = new BatchLaunches(device, commands, plan, on);
        (RandomStream crop, RandomStream flip) = Augmenter.Streams(9, 2);
        using var row = new DeviceRow(device, commands, new() { First = 1, Count = count, Crop = crop.Key, Flip = flip.Key });
        commands.Run(launches.Assemble(lying, orders.Address, row.Cursor, augment));
        Bits.Equal(x.All(plan.Input), CardTensors.Read(commands, on, plan.Input));
    }
}
