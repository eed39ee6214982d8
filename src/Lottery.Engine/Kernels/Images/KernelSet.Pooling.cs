namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.MaxPool"/>
    public void MaxPool(in PoolShape pool, ReadOnlySpan<float> x, Span<float> y, Span<float> winner)
    {
        Require(pool.Fits && x.Length >= pool.Input.Length);
        Require(y.Length >= pool.Output.Length && winner.Length >= pool.Output.Length);
        fixed (float* source = x, target = y, which = winner)
            MaxPool(pool, source, target, which);
    }

    /// <inheritdoc cref="Kernels.MaxPoolGradient"/>
    public void MaxPoolGradient(
        in PoolShape pool, ReadOnlySpan<float> winner, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool gated)
    {
        Require(pool.Fits && winner.Length >= pool.Output.Length && dx.Length >= pool.Input.Length);
        Require(y.Length >= pool.Output.Length && dy.Length >= pool.Output.Length);
        fixed (float* which = winner, most = y, gradient = dy, target = dx)
            MaxPoolGradient(pool, which, most, gradient, target, gated);
    }

    /// <inheritdoc cref="Kernels.AveragePool"/>
    public void AveragePool(in PoolShape pool, ReadOnlySpan<float> x, Span<float> y)
    {
        Require(pool.Fits && pool.Size == pool.Stride && x.Length >= pool.Input.Length && y.Length >= pool.Output.Length);
        fixed (float* source = x, target = y)
            AveragePool(pool, source, target);
    }

    /// <inheritdoc cref="Kernels.AveragePoolGradient"/>
    public void AveragePoolGradient(in PoolShape pool, ReadOnlySpan<float> dy, ReadOnlySpan<float> gate, Span<float> dx)
    {
        Require(pool.Fits && pool.Size == pool.Stride && dy.Length >= pool.Output.Length && dx.Length >= pool.Input.Length);
        Require(gate.IsEmpty || gate.Length >= pool.Input.Length);
        fixed (float* gradient = dy, open = gate, target = dx)
            AveragePoolGradient(pool, gradient, open, target);
    }

    /// <inheritdoc cref="Kernels.GlobalAverage"/>
    /// <param name="layout">The image.</param>
    /// <param name="x">Its values.</param>
    /// <param name="y">The flat tile.</param>
    /// <param name="lanes">Lanes of the flat tile.</param>
    /// <param name="tile">Which sixteen lanes of the flat tile the image is.</param>
    public void GlobalAverage(in ImageLayout layout, ReadOnlySpan<float> x, Span<float> y, int lanes, int tile)
    {
        Require(x.Length >= layout.Length && IsTile(tile, lanes) && y.Length >= layout.Channels * lanes);
        fixed (float* source = x, target = y)
            GlobalAverage(layout, source, target + 16 * tile, lanes);
    }

    /// <inheritdoc cref="Kernels.GlobalAverageGradient"/>
    /// <param name="layout">The image.</param>
    /// <param name="dy">The flat tile's gradient.</param>
    /// <param name="lanes">Lanes of the flat tile.</param>
    /// <param name="tile">Which sixteen lanes of the flat tile the image is.</param>
    /// <param name="gate">The image, where a ReLU let it through, or nothing.</param>
    /// <param name="dx">The image's gradient.</param>
    public void GlobalAverageGradient(
        in ImageLayout layout, ReadOnlySpan<float> dy, int lanes, int tile, ReadOnlySpan<float> gate, Span<float> dx)
    {
        Require(dy.Length >= layout.Channels * lanes && IsTile(tile, lanes) && dx.Length >= layout.Length);
        Require(gate.IsEmpty || gate.Length >= layout.Length);
        fixed (float* gradient = dy, open = gate, target = dx)
            GlobalAverageGradient(layout, gradient + 16 * tile, lanes, open, target);
    }

    protected abstract void MaxPool(in PoolShape pool, float* x, float* y, float* winner);

    protected abstract void MaxPoolGradient(in PoolShape pool, float* winner, float* y, float* dy, float* dx, bool gated);

    protected abstract void AveragePool(in PoolShape pool, float* x, float* y);

    protected abstract void AveragePoolGradient(in PoolShape pool, float* dy, float* gate, float* dx);

    protected abstract void GlobalAverage(in ImageLayout layout, float* x, float* y, int lanes);

    protected abstract void GlobalAverageGradient(in ImageLayout layout, float* dy, int lanes, float* gate, float* dx);
}
