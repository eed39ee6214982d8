using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

namespace Lottery.UnitTests.Cuda;

/// <summary>Masks that are learned, in the emulator, have the bits of the processor's.</summary>
public class SupermaskKernelTests
{
    private static readonly Optimizer[] s_optimizers =
        [Optimizer.Sgd(20, momentum: 0.9, weightDecay: 1e-4), Optimizer.Adam(0.1), Optimizer.AdamW(0.1, 0.02)];

    [Theory]
    [InlineData("mlp:37-24-5", false, 0)]
    [InlineData("mlp:37-24-5", true, 0)]
    [InlineData("mlp:130-70-10", true, 1)]
    [InlineData("small-images", true, 2)]
    [InlineData("small-images", false, 1)]
    public void Samples_thresholds_and_moves(string name, bool rescale, int optimizer)
    {
        using var device = EmulatedDevice.OrSkip();
        using ICommands commands = device.NewStream();
        Network network = name == "small-images" ? SmallImages.Network : NetworkCatalogue.Get(name);
        using CompiledPlan plan = new(network, Mask.Full(network), KernelRegistry.Kernels);
        plan.Load(InitialWeights.Sample(network, 3));
        using var mask = new SupermaskParametrization(new() { Rescale = rescale }, s_optimizers[optimizer], plan, seed: 6);
        var random = new RandomStream(2, "scores");
        for (int i = 0; i < plan.Layout.Length; i++)
            if (mask.Trained.Span[i] > -1e29f) mask.Trained.Span[i] = (float)(random.Normal(i) * (i % 50 == 3 ? 60 : 2));
        ScoredLayer[] layers = [.. plan.Layout.Rows.Where(row => row.Parameter.Prunable).Select(row => new ScoredLayer(row))];
        float[] gradient = [.. Enumerable.Range(0, plan.Layout.Length).Select(i => (float)random.Normal(1_000_000 + i) * 0.05f)];

        using DeviceMemory scores = Floats(mask.Trained.Span), weights = Floats(plan.Values.Span), values = Floats(plan.Values.Span);
        using DeviceMemory first = device.Allocate(4 * plan.Layout.Length), second = device.Allocate(4 * plan.Layout.Length), slopes = Floats(gradient);
        using var launches = new SupermaskLaunches(device, commands, plan.Layout, rescale, firstKey: 1);
        using var row = new DeviceRow(
            device, commands, new() { Update = OptimizerConstants.Of(s_optimizers[optimizer], 1, 0.7) },
            [(8, 9), .. layers.Select(layer => layer.Stream(6, "step", 4).Key)]);
        var update = new UpdateLaunches(s_optimizers[optimizer], scores.Address, [first.Address, second.Address], slopes.Address, 0, row.Cursor);

        launches.Threshold(commands, scores.Address, weights.Address, values.Address);
        mask.Threshold();
        Equal(plan.Values.Span, values);

        launches.Sample(commands, scores.Address, weights.Address, values.Address, row.Cursor);
        mask.Sample("step", 4);
        Equal(plan.Values.Span, values);

        launches.Move(commands, update, slopes.Address, scores.Address, weights.Address, values.Address);
        mask.Begin(1, 0.7);
        mask.Apply(0, gradient);
        mask.End();
        Equal(mask.Trained.Span, scores);
        Equal(mask.Moments[0].Span, first);

        launches.Sample(commands, scores.Address, weights.Address, values.Address, row.Cursor);
        mask.Sample("step", 4);
        Equal(plan.Values.Span, values);

        DeviceMemory Floats(ReadOnlySpan<float> from) => device.Allocate(commands, from);

        void Equal(ReadOnlySpan<float> expected, DeviceMemory actual) =>
            Bits.Equal(expected, commands, actual.Address);
    }
}
