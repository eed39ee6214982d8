using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Operations;
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
        using var plan = new CompiledPlan(s_network, Mask.Full(s_network), KernelRegistry.Kernels);
        plan.Load(InitialWeights.Sample(s_network, 1));
        using TensorBuffers x = Filled(plan);
        plan.Forward(plan.Training(x, seed: 9, step: 3));
        PlanTensor before = plan.Tensors[1], after = plan.Tensors[2];
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

        using TensorBuffers dx = plan.AllocateBackward(x);
        x.At(plan.Output, 0).Fill(1);
        var context = new BackwardContext { Forward = plan.Training(x, seed: 9, step: 3), Dx = dx, Sink = new GradientCapture(plan) };
        for (int i = plan.BackwardSegments.Length - 1; i >= 1; i--) plan.BackwardSegments[i].Backward(context);
        for (int i = 0; i < dx.At(before, 0).Length; i++)
            if (x.At(before, 0)[i] > 0 && x.At(after, 0)[i] > 0) Assert.Equal(dx.At(after, 0)[i] / 0.7f, dx.At(before, 0)[i], 1e-4f);
            else Assert.Equal(0, dx.At(before, 0)[i]);
    }

    [Fact]
    public void Outside_training_nothing_is_dropped_and_each_step_drops_others()
    {
        using var plan = new CompiledPlan(s_network, Mask.Full(s_network), KernelRegistry.Kernels);
        plan.Load(InitialWeights.Sample(s_network, 1));
        using TensorBuffers x = Filled(plan);
        plan.Forward(plan.Evaluation(x));
        Assert.Equal(x.All(plan.Tensors[1]).ToArray(), x.All(plan.Tensors[2]).ToArray());
        plan.Forward(plan.Training(x, 9, 3));
        float[] third = x.All(plan.Tensors[2]).ToArray();
        plan.Forward(plan.Training(x, 9, 4));
        Assert.NotEqual(third, x.All(plan.Tensors[2]).ToArray());
        plan.Forward(plan.Training(x, 9, 3));
        Assert.Equal(third, x.All(plan.Tensors[2]).ToArray());
    }

    private static TensorBuffers Filled(CompiledPlan plan)
    {
        TensorBuffers x = plan.Allocate(Batch);
        Examples examples = SmallData.Examples(Batch, 40, 4, seed: 2);
        new BatchSource(plan, x).Fill(examples, [.. Enumerable.Range(0, Batch)], []);
        return x;
    }
}
