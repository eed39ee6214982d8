using System.Collections.Immutable;
using Lottery.Kernels;
using Lottery.Kernels.Optimizers;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>The moments of an optimizer and the rule that moves values by their gradients.</summary>
internal abstract class OptimizerState : IDisposable
{
    private readonly KernelSet _kernels;
    private readonly AlignedBuffer<float> _values;
    private readonly AlignedBuffer<ushort>? _trained;

    private OptimizerState(KernelSet kernels, AlignedBuffer<float> values, AlignedBuffer<ushort>? trained, int moments)
    {
        (_kernels, _values, _trained) = (kernels, values, trained);
        Moments = [.. Enumerable.Range(0, moments).Select(_ => new AlignedBuffer<float>(values.Length))];
    }

    /// <summary>The moments, laid out like the values.</summary>
    public ImmutableArray<AlignedBuffer<float>> Moments { get; }

    /// <summary>The state of <paramref name="optimizer"/> with moments of zero.</summary>
    /// <param name="optimizer">The rule.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="values">What it moves, laid out like a plan's values.</param>
    /// <param name="trained">
    /// For each value a bit, sixteen together: set if it is trained, otherwise neither it nor its moments move; null if all are
    /// trained. The state disposes of it.
    /// </param>
    public static OptimizerState Of(
        Optimizer optimizer, KernelSet kernels, AlignedBuffer<float> values, AlignedBuffer<ushort>? trained = null) => optimizer switch
    {
        Adam adam => new AdamState(adam, weightDecay: 0, kernels, values, trained),
        AdamW adam => new AdamState(new(adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon), adam.WeightDecay, kernels, values, trained),
        Sgd sgd => new SgdState(sgd, kernels, values, trained),
        _ => throw new ArgumentException($"There is no optimizer {optimizer.GetType().Name}.", nameof(optimizer)),
    };

    /// <summary>Sets the constants of one step.</summary>
    /// <param name="count">Steps since the moments were zero, this one included.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    public abstract void Begin(int count, double factor);

    /// <summary>Moves the values from <paramref name="offset"/> on.</summary>
    /// <param name="offset">The index of the first value.</param>
    /// <param name="gradient">One a value; its length is a multiple of 16.</param>
    public abstract void Apply(int offset, ReadOnlySpan<float> gradient);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AlignedBuffer<float> moment in Moments) moment.Dispose();
        _trained?.Dispose();
    }

    private ReadOnlySpan<ushort> Trained(int offset, int count) => _trained is null ? default : _trained.Span.Slice(offset / 16, count / 16);

    /// <summary>Adam and AdamW: two moments a value.</summary>
    private sealed class AdamState(Adam adam, double weightDecay, KernelSet kernels, AlignedBuffer<float> values, AlignedBuffer<ushort>? trained)
        : OptimizerState(kernels, values, trained, moments: 2)
    {
        private AdamUpdate.Constants _constants = new()
        {
            Beta1 = (float)adam.Beta1, OneMinusBeta1 = (float)(1 - adam.Beta1),
            Beta2 = (float)adam.Beta2, OneMinusBeta2 = (float)(1 - adam.Beta2), Shrink = 1,
        };

        public override void Begin(int count, double factor)
        {
            double correction1 = 1 - Power(adam.Beta1, count), correction2 = Math.Sqrt(1 - Power(adam.Beta2, count));
            _constants.Rate = (float)(adam.LearningRate * factor * correction2 / correction1);
            _constants.Shrink = (float)(1 - adam.LearningRate * factor * weightDecay);
            _constants.Epsilon = (float)(adam.Epsilon * correction2);
        }

        public override void Apply(int offset, ReadOnlySpan<float> gradient) => _kernels.Run(new AdamUpdate
        {
            W = _values.Span.Slice(offset, gradient.Length), M = Moments[0].Span.Slice(offset, gradient.Length),
            V = Moments[1].Span.Slice(offset, gradient.Length), G = gradient, Trained = Trained(offset, gradient.Length), Step = _constants,
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

    /// <summary>SGD with momentum: one moment a value.</summary>
    private sealed class SgdState(Sgd sgd, KernelSet kernels, AlignedBuffer<float> values, AlignedBuffer<ushort>? trained)
        : OptimizerState(kernels, values, trained, moments: 1)
    {
        private SgdUpdate.Constants _constants = new() { Momentum = (float)sgd.Momentum, Decay = (float)sgd.WeightDecay, Nesterov = sgd.Nesterov };

        public override void Begin(int count, double factor) => _constants.Rate = (float)(sgd.LearningRate * factor);

        public override void Apply(int offset, ReadOnlySpan<float> gradient) => _kernels.Run(new SgdUpdate
        {
            W = _values.Span.Slice(offset, gradient.Length), V = Moments[0].Span.Slice(offset, gradient.Length), G = gradient,
            Trained = Trained(offset, gradient.Length), Step = _constants,
        });
    }
}
