using Lottery.Kernels;
using Lottery.Numerics;

namespace Lottery.Prediction;

/// <summary>The values of one example on their way through a network: one thread's, zero at first.</summary>
internal sealed class AloneRoom(KernelSet kernels, IReadOnlyList<int> lengths) : IDisposable
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
