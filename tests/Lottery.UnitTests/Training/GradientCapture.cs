using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;
using Lottery.Training;

namespace Lottery.UnitTests.Training;

/// <summary>An optimizer that moves nothing and keeps what it is given.</summary>
internal sealed class GradientCapture(NetworkPlan plan) : OptimizerState
{
    private readonly float[] _gradient = new float[plan.Values.Length];

    public override ImmutableArray<AlignedBuffer<float>> Moments => [];

    /// <summary>The gradient in full shape.</summary>
    public Weights Gradient => plan.Save(_gradient);

    public override void Begin(int count, double factor)
    {
    }

    public override void Apply(int offset, ReadOnlySpan<float> gradient) => gradient.CopyTo(_gradient.AsSpan(offset));
}
