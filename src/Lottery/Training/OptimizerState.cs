using System.Collections.Immutable;
using Lottery.Kernels;
using Lottery.Kernels.Optimizers;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>The moments of an optimizer and the rule that moves values by their gradients.</summary>
internal abstract class OptimizerState : IDisposable
{
    private readonly Optimizer _optimizer;
    private readonly KernelSet _kernels;
    private readonly AlignedBuffer<float> _values;
    private readonly AlignedBuffer<ushort>? _trained;
    private OptimizerConstants _constants;

    private OptimizerState(Optimizer optimizer, KernelSet kernels, AlignedBuffer<float> values, AlignedBuffer<ushort>? trained, int moments)
    {
        (_optimizer, _kernels, _values, _trained) = (optimizer, kernels, values, trained);
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
        Optimizer optimizer, KernelSet kernels, AlignedBuffer<float> values, AlignedBuffer<ushort>? trained = null) =>
        optimizer is Sgd ? new SgdState(optimizer, kernels, values, trained) : new AdamState(optimizer, kernels, values, trained);

    /// <summary>Sets the constants of one step.</summary>
    /// <param name="count">Steps since the moments were zero, this one included.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    public void Begin(int count, double factor) => _constants = OptimizerConstants.Of(_optimizer, count, factor);

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
    private sealed class AdamState(Optimizer optimizer, KernelSet kernels, AlignedBuffer<float> values, AlignedBuffer<ushort>? trained)
        : OptimizerState(optimizer, kernels, values, trained, moments: 2)
    {
        public override void Apply(int offset, ReadOnlySpan<float> gradient) => _kernels.Run(new AdamUpdate
        {
            W = _values.Span.Slice(offset, gradient.Length), M = Moments[0].Span.Slice(offset, gradient.Length),
            V = Moments[1].Span.Slice(offset, gradient.Length), G = gradient, Trained = Trained(offset, gradient.Length), Step = _constants.Adam,
        });
    }

    /// <summary>SGD with momentum: one moment a value.</summary>
    private sealed class SgdState(Optimizer optimizer, KernelSet kernels, AlignedBuffer<float> values, AlignedBuffer<ushort>? trained)
        : OptimizerState(optimizer, kernels, values, trained, moments: 1)
    {
        public override void Apply(int offset, ReadOnlySpan<float> gradient) => _kernels.Run(new SgdUpdate
        {
            W = _values.Span.Slice(offset, gradient.Length), V = Moments[0].Span.Slice(offset, gradient.Length), G = gradient,
            Trained = Trained(offset, gradient.Length), Step = _constants.Sgd,
        });
    }
}
