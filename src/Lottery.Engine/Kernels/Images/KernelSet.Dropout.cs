using Lottery.Numerics;

namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.Drop"/>
    /// <param name="random">The numbers of this layer and step.</param>
    /// <param name="first">The place of the first value among all that the layer drops in this step.</param>
    /// <param name="rate">The share that is dropped, in [0, 1).</param>
    /// <param name="x">Values, or their gradients.</param>
    /// <param name="gate">What a ReLU let through, or nothing.</param>
    /// <param name="y">What is left of them.</param>
    public void Drop(RandomStream random, int first, double rate, ReadOnlySpan<float> x, ReadOnlySpan<float> gate, Span<float> y)
    {
        Require(first >= 0 && first % 64 == 0 && rate is >= 0 and < 1);
        Require(y.Length % 16 == 0 && x.Length >= y.Length && (gate.IsEmpty || gate.Length >= y.Length));
        fixed (float* source = x, open = gate, target = y)
            Drop(random, first, source, open, target, y.Length, Kernels.Drop.Constants.Of(rate));
    }

    protected abstract void Drop(RandomStream random, int first, float* x, float* gate, float* y, int count, in Drop.Constants constants);
}
