namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <summary>As <see cref="KeptConvolution"/> and <see cref="Kernels.MaxPool"/> of 2×2 pixels after it: one tile of 16 images.</summary>
    /// <remarks><inheritdoc cref="PooledConvolve" path="/remarks"/></remarks>
    /// <param name="table">The kept weights, of a shape that <see cref="PooledConvolutionTable.Fits"/>.</param>
    /// <param name="weights"><c>[kept]</c>, in the order of <see cref="KeptConvolutionTable.Weights"/>.</param>
    /// <param name="bias"><c>[outputs]</c>, or nothing for +0.</param>
    /// <param name="x">One tile of the input, its border zero.</param>
    /// <param name="y">One tile of what is pooled; its border is not written.</param>
    /// <param name="winner">Which pixel of each window it is; its border is not written.</param>
    /// <param name="block">Room for <see cref="PooledConvolutionTable.Block"/> values, another for each thread.</param>
    /// <param name="relu">Whether what is not above 0 becomes 0.</param>
    public void PooledConvolution(
        KeptConvolutionTable table, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> x,
        Span<float> y, Span<byte> winner, Span<float> block, bool relu)
    {
        PoolShape pool = table.Pooled.Windows;
        Require(PooledConvolutionTable.Fits(table.Shape) && x.Length >= table.Shape.InputLength);
        Require(weights.Length >= table.Kept && (bias.IsEmpty || bias.Length >= table.Shape.Outputs));
        Require(y.Length >= pool.Output.Length && winner.Length >= pool.Output.Length && block.Length >= table.Pooled.Block);
        fixed (float* w = weights, b = bias, source = x, target = y, sums = block)
        fixed (byte* which = winner)
            PooledConvolutionForward(table.ByOutput.Stencil, table.Shape, pool, w, b, source, target, which, sums, relu);
    }

    /// <summary>
    /// As <see cref="Kernels.MaxPoolGradient"/>, and <see cref="KeptConvolutionInputGradient"/> and
    /// <see cref="KeptConvolutionWeightGradient"/> after it: one tile of 16 images.
    /// </summary>
    /// <remarks><inheritdoc cref="PooledConvolveGradient" path="/remarks"/></remarks>
    /// <param name="table">The kept weights, of a shape that <see cref="PooledConvolutionTable.Fits"/>.</param>
    /// <param name="byInput"><c>[kept]</c>, from <see cref="KeptConvolutionTable.CopyByInput"/>.</param>
    /// <param name="winner">From <see cref="PooledConvolution"/>, its border zero.</param>
    /// <param name="dy">One tile of the gradient of what is pooled, its border zero.</param>
    /// <param name="x">One tile of the input, its border zero.</param>
    /// <param name="gated">Whether a ReLU made x: the gradient at the input is then 0 where x is not above 0.</param>
    /// <param name="dx">One tile of the gradient at the input, its border not written; or nothing, where nobody wants it.</param>
    /// <param name="scratch">Room for <see cref="PooledConvolutionTable.Scratch"/> values, another for each thread.</param>
    /// <param name="gradient"><c>[kept]</c>, in the order of <see cref="KeptConvolutionTable.Weights"/>.</param>
    public void PooledConvolutionGradient(
        KeptConvolutionTable table, ReadOnlySpan<float> byInput, ReadOnlySpan<byte> winner, ReadOnlySpan<float> dy,
        ReadOnlySpan<float> x, bool gated, Span<float> dx, Span<float> scratch, Span<float> gradient)
    {
        PooledConvolutionTable pooled = table.Pooled;
        PoolShape pool = pooled.Windows;
        Require(PooledConvolutionTable.Fits(table.Shape) && byInput.Length >= table.Kept && gradient.Length >= table.Kept);
        Require(winner.Length >= pool.Output.Length && dy.Length >= pool.Output.Length && scratch.Length >= pooled.Scratch);
        Require(x.Length >= table.Shape.InputLength && (dx.IsEmpty || dx.Length >= table.Shape.InputLength));
        fixed (float* w = byInput, d = dy, source = x, target = dx, room = scratch, g = gradient)
        fixed (byte* which = winner)
            PooledConvolutionBack(new()
            {
                Stencil = pooled.ByInput, Correlation = pooled.Correlation, Pool = pool, CellColumns = pooled.CellColumns,
                Weights = w, Winner = which, Dy = d, X = source, Gate = gated ? source : null, Dx = target,
                Sums = room, Patch = room + table.Scratch, Gradient = g,
            }, table);
    }

    /// <summary>As <see cref="Kernels.MaxPoolGradient"/>, and <see cref="Kernels.ConvolutionBiasGradient"/> of one tile after it.</summary>
    /// <remarks><inheritdoc cref="Kernels.PooledBiasGradient" path="/remarks"/></remarks>
    /// <param name="table">The kept weights, of a shape that <see cref="PooledConvolutionTable.Fits"/>.</param>
    /// <param name="winner">From <see cref="PooledConvolution"/>.</param>
    /// <param name="dy">One tile of the gradient of what is pooled.</param>
    /// <param name="gradient"><c>[outputs]</c>.</param>
    public void PooledBiasGradient(
        KeptConvolutionTable table, ReadOnlySpan<byte> winner, ReadOnlySpan<float> dy, Span<float> gradient)
    {
        PoolShape pool = table.Pooled.Windows;
        Require(PooledConvolutionTable.Fits(table.Shape) && gradient.Length >= table.Shape.Outputs);
        Require(winner.Length >= pool.Output.Length && dy.Length >= pool.Output.Length);
        fixed (float* d = dy, g = gradient)
        fixed (byte* which = winner)
            PooledBiasGradient(pool, table.Shape, which, d, g);
    }

    protected abstract void PooledConvolutionForward(
        in KeptStencil stencil, in ConvolutionShape shape, in PoolShape pool, float* weights, float* bias, float* x, float* y,
        byte* winner, float* block, bool relu);

    protected abstract void PooledConvolutionBack(in PooledGradientPass pass, KeptConvolutionTable table);

    protected abstract void PooledBiasGradient(in PoolShape pool, in ConvolutionShape shape, byte* winner, float* dy, float* gradient);
}
