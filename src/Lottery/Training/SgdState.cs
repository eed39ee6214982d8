using System.Collections.Immutable;
using Lottery.Kernels;
using Lottery.Kernels.Optimizers;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>SGD with momentum: one moment a value.</summary>
internal sealed class SgdState(Sgd sgd, KernelSet kernels, AlignedBuffer<float> values) : OptimizerState
{
    private SgdUpdate.Constants _constants = new() { Momentum = (float)sgd.Momentum, Decay = (float)sgd.WeightDecay };

    public override ImmutableArray<AlignedBuffer<float>> Moments { get; } = [new(values.Length)];

    public override void Begin(int count, double factor) => _constants.Rate = (float)(sgd.LearningRate * factor);

    public override void Apply(int offset, ReadOnlySpan<float> gradient) => kernels.Run(new SgdUpdate
    {
        W = values.Span.Slice(offset, gradient.Length), V = Moments[0].Span.Slice(offset, gradient.Length), G = gradient, Step = _constants,
    });
}
