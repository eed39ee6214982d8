using CsCheck;
using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;
using Lottery.UnitTests.Plans;

namespace Lottery.UnitTests.Training;

/// <summary>Pruned weights at a value other than zero act, forward and backward, and never move.</summary>
public sealed class FrozenWeightsTests
{
    private static readonly Optimizer[] s_optimizers =
        [new Adam(1e-2, Epsilon: 1e-3), Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 0.02)];

    [Fact]
    public void Training_is_that_of_a_dense_network_some_of_whose_weights_are_put_back() =>
        Gen.Select(PlanCase.Gen, Gen.Int[0, 1]).Sample((one, optimizer) =>
        {
            Weights start = InitialWeights.Sample(one.Network, one.Seed);
            for (int i = 1; i < one.Network.Parameters.Length; i += 2) start[i].Fill(0.1f);
            PlainNetwork plain = TrainPlain(one, start, s_optimizers[optimizer]);
            if (plain.NearestToKink < 1e-5) return;
            Weights trained = Train(one, start, s_optimizers[optimizer]);
            for (int i = 0; i < plain.Values.Length; i++)
                for (int k = 0; k < plain.Values[i].Length; k++)
                    if (one.Mask[i]?[k] == false) Assert.Equal(start[i][k], trained[i][k]);
                    else Assert.Equal(plain.Values[i][k], trained[i][k], 1e-4);
        }, iter: 40);

    private static Weights Train(PlanCase one, Weights start, Optimizer optimizer)
    {
        using var plan = new CompiledPlan(one.Network, one.Mask, KernelRegistry.Get(null), frozen: true);
        plan.Load(start);
        using var state = new WeightParametrization(optimizer, plan, one.Mask);
        using var step = new TrainingStep(plan, state, one.Batch);
        for (int i = 0; i < 4; i++) step.Run(one.Examples, one.Indices(i), [], i + 1, 1);
        foreach (Weights moments in state.Moments.Select(moment => plan.Layout.Save(moment.Span)))
            for (int i = 0; i < one.Network.Parameters.Length; i += 2)
                for (int k = 0; k < moments[i].Length; k++)
                    if (!one.Mask[i]![k]) Assert.Equal(0f, moments[i][k]);
        return plan.Save();
    }

    private static PlainNetwork TrainPlain(PlanCase one, Weights start, Optimizer optimizer)
    {
        var plain = new PlainNetwork(Mask.Full(one.Network), start);
        var state = new PlainOptimizer(optimizer, plain.Values);
        Examples examples = one.Examples;
        for (int step = 0; step < 4; step++)
        {
            plain.Backward(examples, one.Indices(step));
            state.Step(plain.Gradient);
            for (int i = 0; i < plain.Values.Length; i += 2)
                for (int k = 0; k < plain.Values[i].Length; k++)
                    if (!one.Mask[i]![k]) plain.Values[i][k] = start[i][k];
        }
        return plain;
    }
}
