namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <summary>y = bias + kept weights × x, and the ReLU that follows, if one does: one tile of 16 images.</summary>
    /// <remarks><inheritdoc cref="KeptConvolve" path="/remarks"/></remarks>
    /// <param name="table">The kept weights.</param>
    /// <param name="weights"><c>[kept]</c>, in the order of <see cref="KeptConvolutionTable.Weights"/>.</param>
    /// <param name="bias"><c>[outputs]</c>, or nothing for +0.</param>
    /// <param name="x">One tile of the input, its border zero.</param>
    /// <param name="y">One tile of the output; its border is not written.</param>
    /// <param name="relu">Whether what is not above 0 becomes 0.</param>
    public void KeptConvolution(
        KeptConvolutionTable table, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> x,
        Span<float> y, bool relu)
    {
        Require(weights.Length >= table.Kept && (bias.IsEmpty || bias.Length >= table.Shape.Outputs));
        Require(x.Length >= table.Shape.InputLength && y.Length >= table.Shape.OutputLength);
        fixed (float* w = weights, b = bias, source = x, target = y)
            KeptConvolutionForward(table.ByOutput.Stencil, w, b, source, target, relu);
    }

    /// <summary>
    /// dx = kept weights × dy, as gathered by input pixels; where a gate is given, 0 where it is not above 0: one tile of 16
    /// images.
    /// </summary>
    /// <remarks><inheritdoc cref="KeptConvolve" path="/remarks"/></remarks>
    /// <param name="table">The kept weights.</param>
    /// <param name="byInput"><c>[kept]</c>, from <see cref="KeptConvolutionTable.CopyByInput"/>.</param>
    /// <param name="dy">One tile of the gradient at the output, its border zero.</param>
    /// <param name="gate">One tile of the input where a ReLU made it, or nothing.</param>
    /// <param name="dx">One tile of the gradient at the input; its border is not written.</param>
    public void KeptConvolutionInputGradient(
        KeptConvolutionTable table, ReadOnlySpan<float> byInput, ReadOnlySpan<float> dy, ReadOnlySpan<float> gate, Span<float> dx)
    {
        Require(byInput.Length >= table.Kept && dy.Length >= table.Shape.OutputLength && table.Shape.OutputBorder >= table.GradientBorder);
        Require(dx.Length >= table.Shape.InputLength && (gate.IsEmpty || gate.Length >= table.Shape.InputLength));
        fixed (float* w = byInput, source = dy, open = gate, target = dx)
        {
            int start = 0;
            foreach (KeptStencilTable stencil in table.ByInput)
            {
                KeptConvolutionGather(stencil.Stencil, w + start, source, open, target);
                start += stencil.Kept;
            }
        }
    }

    /// <summary>gradient = dy × x summed over the pixels of all images, for the kept weights of one share.</summary>
    /// <remarks><inheritdoc cref="KeptCorrelate" path="/remarks"/></remarks>
    /// <param name="table">The kept weights.</param>
    /// <param name="share">The share, 0 … <paramref name="shares"/> − 1; each may run on a thread of its own.</param>
    /// <param name="shares">The number of shares that the weights are cut into: it changes no bit.</param>
    /// <param name="x">All tiles of the input, their borders zero.</param>
    /// <param name="dy">All tiles of the gradient at the output.</param>
    /// <param name="tiles">The number of tiles.</param>
    /// <param name="sums">Room for <see cref="KeptConvolutionTable.Scratch"/> values, another for each thread.</param>
    /// <param name="gradient"><c>[kept]</c>, in the order of <see cref="KeptConvolutionTable.Weights"/>.</param>
    /// <param name="add">Whether the first tile is added to what is there.</param>
    public void KeptConvolutionWeightGradient(
        KeptConvolutionTable table, int share, int shares, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, int tiles,
        Span<float> sums, Span<float> gradient, bool add)
    {
        Require(share >= 0 && share < shares && gradient.Length >= table.Kept && sums.Length >= table.Scratch);
        Require(x.Length >= tiles * table.Shape.InputLength && dy.Length >= tiles * table.Shape.OutputLength);
        fixed (float* source = x, d = dy, scratch = sums, g = gradient)
            KeptConvolutionCorrelate(table.ForGradient.Correlation, share, shares, source, d, tiles, scratch, g, add);
    }

    protected abstract void KeptConvolutionForward(
        in KeptStencil stencil, float* weights, float* bias, float* x, float* y, bool relu);

    protected abstract void KeptConvolutionGather(in KeptStencil stencil, float* weights, float* dy, float* gate, float* dx);

    protected abstract void KeptConvolutionCorrelate(
        in KeptCorrelation correlation, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add);
}
