using Lottery.Kernels;
using Lottery.Kernels.Normalization;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>One step of the prediction of a single example. All threads share the steps; what they write lies in <see cref="SingleBuffers"/>.</summary>
/// <remarks>Steps that are loops are optimized at first call: a program that predicts rarely would run slow code for long.</remarks>
internal abstract class SingleStep : IDisposable
{
    /// <summary>From buffers to buffers.</summary>
    public abstract void Run(SingleBuffers buffers);

    /// <summary>Takes over the normalization that follows, if this step computes the tensor and can; whether it did.</summary>
    /// <param name="tensor">The tensor that is normalized, which nothing else reads.</param>
    /// <param name="channels">The constants of its channels, all with or all without a ReLU.</param>
    public virtual bool Normalize(PlanTensor tensor, ReadOnlySpan<NormalizeForward.Constants> channels) => false;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}

/// <summary>The buffers of one thread for the prediction of a single example, zero at first.</summary>
internal sealed class SingleBuffers(KernelSet kernels, IReadOnlyList<int> lengths) : IDisposable
{
    private readonly AlignedBuffer<float>[] _buffers = [.. lengths.Select(length => new AlignedBuffer<float>(length))];

    /// <summary>The kernels.</summary>
    public KernelSet Kernels { get; } = kernels;

    /// <summary>The values of a buffer.</summary>
    public Span<float> this[int buffer] => _buffers[buffer].Span;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AlignedBuffer<float> buffer in _buffers) buffer.Dispose();
    }
}
