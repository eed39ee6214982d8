namespace Lottery.Kernels;

/// <summary>The public face of the dense convolution kernels.</summary>
internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="DensePack"/>
    public void DenseConvolutionPack(in ConvolutionShape shape, ReadOnlySpan<float> weights, Span<float> packed, bool transposed)
    {
        Require(weights.Length >= shape.DenseWeights && packed.Length >= DenseConvolution.PackedLength(shape, transposed));
        fixed (float* w = weights, p = packed)
            DenseConvolutionPack(shape, w, p, transposed);
    }

    /// <inheritdoc cref="DenseForward"/>
    /// <param name="shape">The shape.</param>
    /// <param name="packed">From <see cref="DenseConvolutionPack(in ConvolutionShape, ReadOnlySpan{float}, Span{float}, bool)"/>, not transposed.</param>
    /// <param name="bias"><c>[outputs]</c>, or nothing for zeros.</param>
    /// <param name="x">One tile.</param>
    /// <param name="y">One tile; its border is left as it is.</param>
    /// <param name="work">Room: <see cref="DenseConvolution.WorkLength"/>.</param>
    /// <param name="relu">True where a ReLU follows.</param>
    public void DenseConvolutionForward(
        in ConvolutionShape shape, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias, ReadOnlySpan<float> x, Span<float> y,
        Span<float> work, bool relu)
    {
        RequireBorders(shape);
        Require(packed.Length >= DenseConvolution.PackedLength(shape, false) && (bias.IsEmpty || bias.Length >= shape.Outputs));
        Require(x.Length >= shape.InputLength && y.Length >= shape.OutputLength && work.Length >= DenseConvolution.WorkLength(shape));
        fixed (float* w = packed, b = bias, source = x, target = y, room = work)
            DenseConvolutionForward(shape, w, b, source, target, room, relu);
    }

    /// <inheritdoc cref="DenseInputGradient"/>
    /// <param name="shape">The shape.</param>
    /// <param name="packed">From <see cref="DenseConvolutionPack(in ConvolutionShape, ReadOnlySpan{float}, Span{float}, bool)"/>, transposed.</param>
    /// <param name="dy">One tile.</param>
    /// <param name="gate">One tile of x: dx is +0 where it is not above 0 (x came through a ReLU); or nothing.</param>
    /// <param name="dx">One tile, its border zero before and after.</param>
    /// <param name="work">Room: <see cref="DenseConvolution.WorkLength"/>.</param>
    public void DenseConvolutionInputGradient(
        in ConvolutionShape shape, ReadOnlySpan<float> packed, ReadOnlySpan<float> dy, ReadOnlySpan<float> gate, Span<float> dx,
        Span<float> work)
    {
        RequireBorders(shape);
        Require(packed.Length >= DenseConvolution.PackedLength(shape, true) && (gate.IsEmpty || gate.Length >= shape.InputLength));
        Require(dx.Length >= shape.InputLength && dy.Length >= shape.OutputLength && work.Length >= DenseConvolution.WorkLength(shape));
        fixed (float* w = packed, d = dy, g = gate, target = dx, room = work)
            DenseConvolutionInputGradient(shape, w, d, g, target, room);
    }

    /// <inheritdoc cref="DenseWeightGradient"/>
    /// <param name="shape">The shape.</param>
    /// <param name="x">All tiles, one after the other.</param>
    /// <param name="dy">All tiles.</param>
    /// <param name="tiles">The number of tiles.</param>
    /// <param name="outputs">The outputs whose weights are meant, from a multiple of 16 to another. Ranges that do not overlap may run at once.</param>
    /// <param name="gradient">The gradient of all weights, as the weights lie; those of other outputs are left as they are.</param>
    /// <param name="work">Room: <see cref="DenseConvolution.GradientWorkLength"/>.</param>
    public void DenseConvolutionWeightGradient(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, int tiles, Range outputs, Span<float> gradient,
        Span<float> work)
    {
        RequireBorders(shape);
        (int from, int count) = outputs.GetOffsetAndLength(shape.PaddedOutputs);
        Require(from % 16 == 0 && count % 16 == 0 && gradient.Length >= shape.DenseWeights);
        Require(x.Length >= tiles * shape.InputLength && dy.Length >= tiles * shape.OutputLength);
        Require(work.Length >= DenseConvolution.GradientWorkLength(shape, count));
        fixed (float* source = x, d = dy, g = gradient, room = work)
            DenseConvolutionWeightGradient(shape, source, d, tiles, from, from + count, g, room);
    }

    /// <inheritdoc cref="Kernels.ConvolutionBiasGradient"/>
    public void ConvolutionBiasGradient(in ConvolutionShape shape, ReadOnlySpan<float> dy, int tiles, Span<float> gradient)
    {
        Require(dy.Length >= tiles * shape.OutputLength && gradient.Length >= shape.Outputs);
        fixed (float* d = dy, g = gradient)
            ConvolutionBiasGradient(shape, d, tiles, g);
    }

    protected abstract void DenseConvolutionPack(in ConvolutionShape shape, float* weights, float* packed, bool transposed);

    protected abstract void DenseConvolutionForward(
        in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu);

    protected abstract void DenseConvolutionInputGradient(
        in ConvolutionShape shape, float* packed, float* dy, float* gate, float* dx, float* work);

    protected abstract void DenseConvolutionWeightGradient(
        in ConvolutionShape shape, float* x, float* dy, int tiles, int from, int to, float* gradient, float* work);

    protected abstract void ConvolutionBiasGradient(in ConvolutionShape shape, float* dy, int tiles, float* gradient);

    private static void RequireBorders(in ConvolutionShape shape) => Require(
        shape is { Inputs: > 0, Outputs: > 0, Kernel: > 0, Stride: > 0, OutputBorder: >= 0, OutputRows: > 0, OutputColumns: > 0 }
        && shape.InputBorder >= shape.Padding && shape.Padding >= 0);
}
