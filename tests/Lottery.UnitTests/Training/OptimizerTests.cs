using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Plans;
using Lottery.Specifications;
using Lottery.Training;

namespace Lottery.UnitTests.Training;

/// <summary>Fifty steps of one optimizer on given gradients, against its paper's formula in double precision.</summary>
public sealed class OptimizerTests
{
    public static TheoryData<Optimizer> Optimizers { get; } =
    [
        Optimizer.Adam(1.2e-3), new Adam(0.05, Beta1: 0.8, Beta2: 0.99, Epsilon: 1e-4), Optimizer.Sgd(0.1),
        Optimizer.Sgd(0.05, momentum: 0.9), Optimizer.Sgd(0.05, weightDecay: 0.01),
        Optimizer.Sgd(0.02, momentum: 0.9, weightDecay: 0.01), Optimizer.Sgd(0.02, momentum: 0.9, weightDecay: 0.01, nesterov: true),
        Optimizer.Sgd(0.05, momentum: 0.5, nesterov: true), Optimizer.AdamW(1.2e-3), new AdamW(0.05, 0.3, Beta1: 0.8, Beta2: 0.99, Epsilon: 1e-4),
    ];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Fifty_steps_are_those_of_the_formula(Optimizer optimizer)
    {
        Mask mask = Mask.Full(NetworkCatalogue.Get("mlp:5-3"));
        using var plan = new CompiledPlan(mask.Network, mask, KernelRegistry.Get(null));
        plan.Load(InitialWeights.Sample(mask.Network, 1));
        var values = new double[plan.Values.Length];
        for (int i = 0; i < values.Length; i++) values[i] = plan.Values.Span[i];
        using OptimizerState state = OptimizerState.Of(optimizer, plan.Kernels, plan.Values);
        var plain = new PlainOptimizer(optimizer, [values]);
        var (random, schedule) = (new Random(1), new LearningRateSchedule { WarmUp = 7, At = [30], Factor = 0.2 });
        for (int step = 0; step < 50; step++)
        {
            // From gradients that Adam's ε hides to ones that dwarf the rest, of a sign that stays or changes.
            float[] gradient =
                [.. values.Select((_, i) => (float)(Math.Pow(10, i % 12 - 9) * (random.NextDouble() - 0.5 * (i % 2))))];
            state.Begin(step + 1, schedule.FactorAt(step, 50));
            state.Apply(0, gradient);
            plain.Step([[.. gradient.Select(g => (double)g)]], schedule.FactorAt(step, 50));
        }
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(values[i], plan.Values.Span[i], 1e-5 * Math.Max(1, Math.Abs(values[i])));
    }

    [Fact]
    public void A_weight_whose_gradient_stopped_is_not_worked_on_in_denormal_numbers()
    {
        Mask mask = Mask.Full(NetworkCatalogue.Get("mlp:5-3"));
        using var plan = new CompiledPlan(mask.Network, mask, KernelRegistry.Get(null));
        foreach (Optimizer optimizer in (Optimizer[])[Optimizer.Adam(1e-3), Optimizer.Sgd(0.1, momentum: 0.9)])
        {
            using OptimizerState state = OptimizerState.Of(optimizer, plan.Kernels, plan.Values);
            var gradient = new float[plan.Values.Length];
            for (int step = 1; step <= 1500; step++)
            {
                Array.Fill(gradient, step == 1 ? 1f : 0f);
                state.Begin(step, 1);
                state.Apply(0, gradient);
            }
            Assert.Equal(0f, state.Moments[0].Span[0]);
            Assert.All(state.Moments, moment => Assert.False(float.IsSubnormal(moment.Span[0])));
        }
    }
}
