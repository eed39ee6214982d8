using CsCheck;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;
using Lottery.UnitTests.Kernels;
using Lottery.UnitTests.Plans;

namespace Lottery.UnitTests.Training;

/// <summary>Every plan is the dense network times its mask: the same scores, and the same weights after training.</summary>
public sealed class MaskTimesDenseTests
{
    // A larger ε keeps Adam from turning a gradient of rounding errors into a full step.
    private static readonly Optimizer[] s_optimizers =
    [
        new Adam(1e-2, Epsilon: 1e-3), Optimizer.Sgd(0.1), Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 0.02),
    ];

    // With many zeros in the input the first layer is stored dense, its pruned weights at zero.
    private static readonly Gen<(PlanCase, int, double)> s_trainings = Gen.Select(PlanCase.Gen, Gen.Int[0, 2], Gen.Int[0, 2].Select(halves => halves / 2.0));

    [Fact]
    public void Scores_are_those_of_mask_times_dense() => Check.Sample(PlanCase.Gen, one =>
    {
        using var plan = new CompiledPlan(one.Network, one.Mask, KernelRegistry.Get(null));
        plan.Load(one.Start());
        using TensorBuffers activations = plan.Allocate(one.Batch);
        new BatchSource(plan, activations).Fill(one.Examples, one.Indices(0), []);
        var plain = new PlainNetwork(one.Mask, one.Start());
        int[] indices = one.Indices(0);
        plan.Forward(plan.Evaluation(activations));
        for (int i = 0; i < indices.Length; i++)
        {
            (int tile, int lane) = (i / activations.Tiles.ExamplesPerTile, i % activations.Tiles.ExamplesPerTile);
            double[] expected = plain.Scores(one.Examples, indices[i]);
            for (int c = 0; c < expected.Length; c++)
                Assert.Equal(expected[c], activations.At(plan.Output, tile)[c * activations.Tiles.Lanes + lane], 2e-5);
        }
    }, iter: 60);

    [Fact]
    public void Training_is_that_of_mask_times_dense() => s_trainings.Sample((one, optimizer, zeros) =>
    {
        (PlainNetwork plain, double nearestToKink) = TrainPlain(one, s_optimizers[optimizer]);
        if (nearestToKink < 1e-5) return;
        Weights trained = Train(one, s_optimizers[optimizer], KernelRegistry.Get(null), zeros).Weights;
        for (int i = 0; i < plain.Values.Length; i++)
            for (int k = 0; k < plain.Values[i].Length; k++)
                if (one.Mask[i]?[k] == false) Assert.Equal(0u, BitConverter.SingleToUInt32Bits(trained[i][k]));
                else Assert.Equal(plain.Values[i][k], trained[i][k], 1e-4);
    }, iter: 100);

    [Theory]
    [MemberData(nameof(KernelAgreementTests.Versions), MemberType = typeof(KernelAgreementTests))]
    public void Every_version_trains_to_the_same_bits(string version) => s_trainings.Sample((one, optimizer, zeros) =>
    {
        (Weights expected, double loss) = Train(one, s_optimizers[optimizer], KernelRegistry.Get("reference"), zeros);
        (Weights actual, double actualLoss) = Train(one, s_optimizers[optimizer], KernelRegistry.Get(version), zeros);
        Assert.Equal(BitConverter.DoubleToInt64Bits(loss), BitConverter.DoubleToInt64Bits(actualLoss));
        Assert.Equal(Fingerprint.Of(expected), Fingerprint.Of(actual));
    }, iter: 60);

    [Fact]
    public void A_unit_that_left_the_plan_decays_and_its_bias_too()
    {
        // Unit 0 of fc1 has inputs but no outputs; unit 1 of fc1 leads to unit 0 of fc2 alone, which has no outputs.
        Mask mask = SomeMask.Where(NetworkCatalogue.Get("mlp:4-3-3-2"), (layer, output, input) => layer switch
        {
            1 => input == 2 || (input == 1 && output == 0),
            2 => input == 1 || (output, input) == (1, 2),
            _ => (output, input) != (2, 3),
        });
        Weights start = InitialWeights.Sample(mask.Network, 1);
        foreach (int bias in (int[])[1, 3, 5]) start[bias].Fill(0.5f);
        for (int i = 0; i < 6; i++)
            for (int k = 0; k < start[i].Length; k++)
                if (mask[i]?[k] == false) start[i][k] = 0;
        using var plan = new CompiledPlan(mask.Network, mask, KernelRegistry.Get(null));
        Assert.Equal([16, 16, 16, 16], plan.Tensors.Select(tensor => tensor.Rows));
        Assert.Equal([1, 2], plan.Operations.Take(2).Select(layer => ((SparseLinearOperation)layer).Table.Rows));
        plan.Load(start);
        using var optimizer = new WeightParametrization(Optimizer.Sgd(0.1, weightDecay: 0.5), plan, mask);
        using var step = new TrainingStep(plan, optimizer, 8);
        step.Run(SmallData.Examples(8, 4, 2, 1), [0, 1, 2, 3, 4, 5, 6, 7], [], 1, 1);
        Weights after = plan.Save();
        for (int k = 0; k < 8; k++) Assert.Equal(0.95 * start[0][k], after[0][k], 1e-6);
        Assert.Equal(0.475, after[1][0], 1e-6);
        Assert.Equal(0.475, after[1][1], 1e-6);
        Assert.Equal(0.95 * start[2][1], after[2][1], 1e-6);
        Assert.Equal(0.95 * start[2][2], after[2][2], 1e-6);
        Assert.Equal(0.475, after[3][0], 1e-6);
        Assert.NotEqual(0.475, after[3][1], 1e-6);
        Assert.NotEqual(0.475, after[1][2], 1e-6);
    }

    [Fact]
    public void A_unit_without_inputs_is_a_constant_whose_bias_trains()
    {
        Mask mask = SomeMask.Where(NetworkCatalogue.Get("mlp:4-3-2"), (layer, output, _) => layer == 1 || output != 1);
        Weights start = InitialWeights.Sample(mask.Network, 1);
        start[0][4..8].Clear();
        start[1].Fill(0.5f);
        using var plan = new CompiledPlan(mask.Network, mask, KernelRegistry.Get(null));
        plan.Load(start);
        using var optimizer = new WeightParametrization(Optimizer.Sgd(0.1), plan, mask);
        using var step = new TrainingStep(plan, optimizer, 8);
        step.Run(SmallData.Examples(8, 4, 2, 1), [0, 1, 2, 3, 4, 5, 6, 7], [], 1, 1);
        Weights after = plan.Save();
        Assert.NotEqual(0.5f, after[1][1]);
        Assert.All(after[0][4..8].ToArray(), weight => Assert.Equal(0f, weight));
    }

    private static (Weights Weights, double Loss) Train(PlanCase one, Optimizer optimizer, KernelSet kernels, double zeros)
    {
        using var plan = new CompiledPlan(one.Network, one.Mask, kernels, zeros: zeros);
        plan.Load(one.Start());
        using var state = new WeightParametrization(optimizer, plan, one.Mask);
        using var step = new TrainingStep(plan, state, one.Batch);
        Examples examples = one.Examples;
        double loss = 0;
        for (int i = 0; i < 4; i++) loss = step.Run(examples, one.Indices(i), one.Indices(i + 1), i + 1, 1.0 / (i + 1));
        return (plan.Save(), loss);
    }

    private static (PlainNetwork Network, double NearestToKink) TrainPlain(PlanCase one, Optimizer optimizer)
    {
        var plain = new PlainNetwork(one.Mask, one.Start());
        var state = new PlainOptimizer(optimizer, plain.Values);
        Examples examples = one.Examples;
        for (int i = 0; i < 4; i++)
        {
            plain.Backward(examples, one.Indices(i));
            state.Step(plain.Gradient, 1.0 / (i + 1));
        }
        return (plain, plain.NearestToKink);
    }
}
