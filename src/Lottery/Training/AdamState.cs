using System.Collections.Immutable;
using Lottery.Kernels;
using Lottery.Kernels.Optimizers;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>Adam: two moments a value.</summary>
internal sealed class AdamState(Adam adam, KernelSet kernels, AlignedBuffer<float> values) : OptimizerState
{
    private AdamUpdate.Constants _constants = new()
    {
        Beta1 = (float)adam.Beta1, OneMinusBeta1 = (float)(1 - adam.Beta1),
        Beta2 = (float)adam.Beta2, OneMinusBeta2 = (float)(1 - adam.Beta2),
    };

    public override ImmutableArray<AlignedBuffer<float>> Moments { get; } =
        [new(values.Length), new(values.Length)];

    public override void Begin(int count, double factor)
    {
        double correction1 = 1 - Power(adam.Beta1, count), correction2 = Math.Sqrt(1 - Power(adam.Beta2, count));
        _constants.Rate = (float)(adam.LearningRate * factor * correction2 / correction1);
        _constants.Epsilon = (float)(adam.Epsilon * correction2);
    }

    public override void Apply(int offset, ReadOnlySpan<float> gradient) => kernels.Run(new AdamUpdate
    {
        W = values.Span.Slice(offset, gradient.Length), M = Moments[0].Span.Slice(offset, gradient.Length),
        V = Moments[1].Span.Slice(offset, gradient.Length), G = gradient, Step = _constants,
    });

    /// <summary>By repeated squaring: the C library's power function may differ between machines in its last bit.</summary>
    private static double Power(double x, int exponent)
    {
        double power = 1;
        for (; exponent > 0; exponent >>= 1, x *= x)
            if ((exponent & 1) != 0) power *= x;
        return power;
    }
}
