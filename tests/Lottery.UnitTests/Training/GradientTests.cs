using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Plans;
using Lottery.Training;
using Lottery.UnitTests.Plans;

namespace Lottery.UnitTests.Training;

/// <summary>What the engine says of each weight and bias is how the loss changes when that one moves.</summary>
public sealed class GradientTests
{
    /// <summary>Dense, kept-only, and both mixed; each with a batch of one tile, one lane, a full tile and two tiles.</summary>
    public static MatrixTheoryData<string, int> StylesAndBatches { get; } =
        new(["000", "222", "203", "030", "252", "020", "725", "266"], [1, 3, 16, 60, 64, 70]);

    [Theory]
    [MemberData(nameof(StylesAndBatches))]
    public void A_gradient_is_a_finite_difference(string styles, int batch)
    {
        var one = new PlanCase("mlp:9-7-6-3", styles, batch, Seed: 11);
        (double loss, Weights gradient) = Engine(one);
        var plain = new PlainNetwork(one.Mask, one.Start());
        Examples examples = one.Examples;
        int[] indices = one.Indices(0);
        Assert.Equal(plain.Loss(examples, indices), loss, 1e-6);
        for (int i = 0; i < plain.Values.Length; i++)
            for (int k = 0; k < plain.Values[i].Length; k++)
                if (one.Mask[i]?[k] == false) Assert.Equal(0f, gradient[i][k]);
                else Assert.Equal(FiniteDifference(plain, ref plain.Values[i][k], examples, indices), gradient[i][k], 2e-6);
        Assert.InRange(plain.NearestToKink, 1e-5, double.PositiveInfinity);
    }

    [Fact]
    public void A_gradient_of_any_plan_is_the_textbooks() => CsCheck.Check.Sample(PlanCase.Gen, one =>
    {
        var plain = new PlainNetwork(one.Mask, one.Start());
        double expected = plain.Backward(one.Examples, one.Indices(0));
        if (plain.NearestToKink < 1e-5) return;
        (double loss, Weights gradient) = Engine(one);
        Assert.Equal(expected, loss, 1e-5);
        for (int i = 0; i < plain.Gradient.Length; i++)
            for (int k = 0; k < plain.Gradient[i].Length; k++) Assert.Equal(plain.Gradient[i][k], gradient[i][k], 1e-5);
    }, iter: 60);

    private static (double Loss, Weights Gradient) Engine(PlanCase one)
    {
        using var plan = new CompiledPlan(one.Network, one.Mask, KernelRegistry.Get(null));
        plan.Load(one.Start());
        var capture = new GradientCapture(plan);
        using var step = new TrainingStep(plan, capture, one.Batch);
        double loss = step.Run(one.Examples, one.Indices(0), [], 1, 1);
        Weights gradient = capture.Gradient;
        // A pruned weight that a dense layer holds at zero has a gradient, which no optimizer applies.
        for (int i = 0; i < one.Network.Parameters.Length; i++)
            for (int k = 0; one.Mask[i] is { } kept && k < kept.Length; k++)
                if (!kept[k]) gradient[i][k] = 0;
        return (loss, gradient);
    }

    private static double FiniteDifference(PlainNetwork network, ref double value, Examples examples, int[] indices)
    {
        const double Step = 1e-6;
        double before = value;
        value = before + Step;
        double up = network.Loss(examples, indices);
        value = before - Step;
        double down = network.Loss(examples, indices);
        value = before;
        return (up - down) / (2 * Step);
    }
}
