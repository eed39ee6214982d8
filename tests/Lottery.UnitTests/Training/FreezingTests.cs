using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.UnitTests.Training;

/// <summary>Pruned weights that are frozen at a value other than zero act and never move.</summary>
public sealed class FreezingTests
{
    private static readonly Network s_network = NetworkCatalogue.Get("mlp:20-12-7-4");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Frozen_weights_never_move_and_the_others_do(bool adam)
    {
        (Mask mask, Weights start) = Start();
        (Weights end, Weights[] moments) = Train(mask, start, adam, steps: 25);
        int trained = 0, moved = 0;
        for (int i = 0; i < s_network.Parameters.Length; i++)
            for (int k = 0; k < start[i].Length; k++)
            {
                bool frozen = mask[i] is { } kept && !kept[k];
                if (frozen) Assert.Equal(start[i][k], end[i][k]);
                if (frozen) Assert.All(moments, moment => Assert.Equal(0f, moment[i][k]));
                if (!frozen) trained++;
                if (!frozen && start[i][k] != end[i][k]) moved++;
            }
        // Where a unit is silent throughout, plain SGD has nothing to move it by.
        Assert.InRange(moved, trained * 3 / 4, trained);
    }

    [Fact]
    public void They_act_forward()
    {
        (Mask mask, Weights start) = Start();
        using var plan = new CompiledPlan(s_network, mask, KernelRegistry.Kernels, frozen: true);
        using var dense = new CompiledPlan(s_network, Mask.Full(s_network), KernelRegistry.Kernels);
        plan.Load(start);
        dense.Load(start);
        Assert.Equal(Scores(dense), Scores(plan));
    }

    [Fact]
    public void Where_all_are_zero_they_do_not_exist()
    {
        (Mask mask, Weights start) = Start();
        Assert.False(mask.IsZeroWherePruned(start));
        for (int i = 0; i < s_network.Parameters.Length; i++)
            for (int k = 0; mask[i] is { } kept && k < kept.Length; k++)
                if (!kept[k]) start[i][k] = 0;
        Assert.True(mask.IsZeroWherePruned(start));
    }

    private static (Mask Mask, Weights Start) Start()
    {
        var bits = new RandomStream(3, "mask");
        Mask mask = new(s_network, [.. s_network.Parameters.Select(parameter => parameter.Prunable ? new BitSet(parameter.Count) : null)]);
        for (int i = 0; i < s_network.Parameters.Length; i++)
            for (int k = 0; mask[i] is { } kept && k < kept.Length; k++) kept[k] = bits.Bernoulli(1000 * i + k, 0.4);
        return (mask, InitialWeights.Sample(s_network, 3));
    }

    private static Examples Images()
    {
        var random = new RandomStream(4, "images");
        byte[] pixels = [.. Enumerable.Range(0, 48 * 20).Select(i => (byte)random.Below(i, 256))];
        byte[] labels = [.. Enumerable.Range(0, 48).Select(i => (byte)random.Below(10_000 + i, 4))];
        return new(pixels, labels, 20);
    }

    private static (Weights End, Weights[] Moments) Train(Mask mask, Weights start, bool adam, int steps)
    {
        using var plan = new CompiledPlan(s_network, mask, KernelRegistry.Kernels, frozen: true);
        plan.Load(start);
        Optimizer optimizer = adam ? Optimizer.Adam(0.01) : Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 0.01);
        using var state = new WeightParametrization(optimizer, plan, mask);
        using var step = new TrainingStep(plan, state, 16);
        int[] order = [.. Enumerable.Range(0, 48)];
        for (int i = 0; i < steps; i++) step.Run(Images(), order.AsSpan(i % 3 * 16, 16), default, i + 1, 1);
        return (plan.Save(), [.. state.Moments.Select(moment => plan.Layout.Save(moment.Span))]);
    }

    private static float[] Scores(CompiledPlan plan)
    {
        using TensorBuffers activations = plan.Allocate(16);
        new BatchSource(plan, activations).Fill(Images(), [.. Enumerable.Range(0, 16)], default);
        plan.Forward(plan.Evaluation(activations));
        return activations.At(plan.Output, 0)[..(4 * 16)].ToArray();
    }
}
