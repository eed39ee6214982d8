using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Training;

namespace Lottery.UnitTests.Plans;

/// <summary>Which linear layers are stored dense with their pruned weights at zero: by the mask and the zeros of the inputs.</summary>
public sealed class StorageRuleTests
{
    private static readonly Network s_network = NetworkCatalogue.Get("mlp:64-48-16");

    [Theory]
    [InlineData(95, 0.0, false, true)]
    [InlineData(70, 0.0, false, true)]
    [InlineData(50, 0.0, false, false)]
    [InlineData(70, 0.8, true, true)]
    [InlineData(35, 0.8, true, false)]
    [InlineData(20, 0.8, false, false)]
    public void A_layer_is_dense_above_the_share_of_its_inputs_that_are_not_zero(int percent, double zeros, bool first, bool second)
    {
        using var plan = new CompiledPlan(s_network, SomeMask.Of(s_network, seed: 1, percent), KernelRegistry.Kernels, zeros: zeros);
        Assert.Equal([first, second], plan.Operations.Select(operation => operation is DenseLinearOperation));
    }

    [Fact]
    public void Every_weight_kept_is_dense_whatever_the_inputs()
    {
        using var plan = new CompiledPlan(s_network, Mask.Full(s_network), KernelRegistry.Kernels);
        Assert.All(plan.Operations, operation => Assert.IsType<DenseLinearOperation>(operation));
        Assert.False(plan.Layout.HasFrozen);
    }

    [Fact]
    public void Scores_are_the_same_bits_either_way()
    {
        Mask mask = SomeMask.Of(s_network, seed: 1, 50);
        Weights start = Zeroed(InitialWeights.Sample(s_network, 3), mask);
        Assert.Equal(Scores(mask, start, zeros: 0), Scores(mask, start, zeros: 0.9));
    }

    [Fact]
    public void The_share_of_zeros_is_counted_after_scaling()
    {
        var examples = new Examples(new byte[] { 0, 0, 51, 0, 102, 0 }, new byte[] { 0, 1 }, 3);
        Assert.Equal(4 / 6.0, ZeroInputs.ShareOf(examples));
        Assert.Equal(1 / 6.0, ZeroInputs.ShareOf(examples with { Scale = PixelScale.Standardized((51, 1)) }));
        Assert.Equal(0, ZeroInputs.ShareOf(examples with { Scale = PixelScale.Standardized((50.5, 1)) }));
        Assert.Equal(3 / 6.0, ZeroInputs.ShareOf(examples with { Scale = PixelScale.Standardized((0, 1), (7, 1), (51, 1)) }));
        Assert.Equal(0.25, ZeroInputs.ShareOf(Examples.FromFeatures(new float[] { 1, 0, 3, 4 }, new byte[] { 0, 1 }, 2) with
        {
            Scale = PixelScale.Standardized((1, 1), (5, 2)),
        }));
    }

    private static Weights Zeroed(Weights weights, Mask mask)
    {
        for (int i = 0; i < s_network.Parameters.Length; i++)
            for (int k = 0; mask[i] is { } kept && k < kept.Length; k++)
                if (!kept[k]) weights[i][k] = 0;
        return weights;
    }

    private static float[] Scores(Mask mask, Weights start, double zeros)
    {
        using var plan = new CompiledPlan(s_network, mask, KernelRegistry.Kernels, zeros: zeros);
        plan.Load(start);
        using TensorBuffers x = plan.Allocate(64);
        new BatchSource(plan, x).Fill(SmallData.Examples(64, 64, 16, 5), [.. Enumerable.Range(0, 64)], default);
        plan.Forward(plan.Evaluation(x));
        return x.All(plan.Output).ToArray();
    }
}
