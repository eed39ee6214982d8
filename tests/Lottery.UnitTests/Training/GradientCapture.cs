using Lottery.Networks;
using Lottery.Plans;
using Lottery.Training;

namespace Lottery.UnitTests.Training;

/// <summary>Keeps the gradients of a step and moves nothing.</summary>
internal sealed class GradientCapture(CompiledPlan plan) : IStepUpdate
{
    private readonly float[] _gradient = new float[plan.Values.Length];

    /// <summary>The gradient in full shape.</summary>
    public Weights Gradient => plan.Layout.Save(_gradient);

    public void Begin(int count, double factor)
    {
    }

    public void Apply(int offset, ReadOnlySpan<float> gradient) => gradient.CopyTo(_gradient.AsSpan(offset));

    public void End()
    {
    }
}
