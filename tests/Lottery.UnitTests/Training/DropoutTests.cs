using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Plans;
using Lottery.Training;

namespace Lottery.UnitTests.Training;

/// <summary>Dropout drops its share in training, scales what is left, stops the gradients of what it dropped, and does nothing otherwise.</summary>
public sealed class DropoutTests
{
    private const int Batch = 48;
    private static readonly Network s_network = new NetworkBuilder(Shape.Flat(40)).Linear(30).Relu().Dropout(0.3).Output(4).Build("dropout");

    [Fact]
    public void What_is_dropped_has_no_value_and_no_gradient()
    {
        using var plan = new NetworkPlan(s_network, Mask.Full(s_network), KernelRegistry.Kernels);
        plan.Load(InitialWeights.Draw(s_network, 1), plan.Values.Span);
        using Activations x = Filled(plan);
        x.Forward(new(Training: true, Seed: 9, Step: 3));
        Signal before = plan.Signals[1], after = plan.Signals[2];
        int dropped = 0, active = 0;
        for (int i = 0; i < x.At(before, 0).Length; i++)
        {
            (float value, float left) = (x.At(before, 0)[i], x.At(after, 0)[i]);
            if (value == 0) continue;
            active++;
            if (left == 0) dropped++;
            else Assert.Equal(value / 0.7f, left, 1e-5f);
        }
        Assert.InRange((double)dropped / active, 0.22, 0.38);

        using Activations dx = x.Gradients();
        x.At(plan.Output, 0).Fill(1);
        var layers = plan.Layers.Select(layer => LayerGradient.Of(layer, plan)).ToArray();
        using var capture = new GradientCapture(plan);
        for (int i = layers.Length - 1; i >= 1; i--) layers[i].Back(new(x, dx), new(true, 9, 3), capture);
        for (int i = 0; i < dx.At(before, 0).Length; i++)
            if (x.At(before, 0)[i] > 0 && x.At(after, 0)[i] > 0) Assert.Equal(dx.At(after, 0)[i] / 0.7f, dx.At(before, 0)[i], 1e-4f);
            else Assert.Equal(0, dx.At(before, 0)[i]);
        foreach (LayerGradient layer in layers) layer.Dispose();
    }

    [Fact]
    public void Outside_training_nothing_is_dropped_and_each_step_drops_others()
    {
        using var plan = new NetworkPlan(s_network, Mask.Full(s_network), KernelRegistry.Kernels);
        plan.Load(InitialWeights.Draw(s_network, 1), plan.Values.Span);
        using Activations x = Filled(plan);
        x.Forward(Pass.Evaluation);
        Assert.Equal(x.All(plan.Signals[1]).ToArray(), x.All(plan.Signals[2]).ToArray());
        x.Forward(new(true, 9, 3));
        float[] third = x.All(plan.Signals[2]).ToArray();
        x.Forward(new(true, 9, 4));
        Assert.NotEqual(third, x.All(plan.Signals[2]).ToArray());
        x.Forward(new(true, 9, 3));
        Assert.Equal(third, x.All(plan.Signals[2]).ToArray());
    }

    private static Activations Filled(NetworkPlan plan)
    {
        var x = new Activations(plan, Batch);
        Examples examples = SmallData.Examples(Batch, 40, 4, seed: 2);
        new BatchSource(plan, x).Fill(examples, [.. Enumerable.Range(0, Batch)], []);
        return x;
    }
}
