using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Convolution;

/// <summary>y = relu(W ∗ x + b) with every weight, one lane group.</summary>
/// <remarks>
/// Order of each output in each lane. By patches: the bias (or +0), then one fused multiply-add for every input channel,
/// kernel row and kernel column, ascending. By Winograd: at each of 16 points a sum from +0, one fused multiply-add an
/// input channel, ascending; then <see cref="WinogradReference.Output"/>; then the bias is added.
/// </remarks>
internal unsafe ref struct ConvolutionForward : IKernel
{
    /// <summary>The shape.</summary>
    public required ConvolutionShape Shape;

    /// <summary>From <see cref="ConvolutionPacking"/>, not transposed.</summary>
    public required ReadOnlySpan<float> Packed;

    /// <summary><c>[outputs]</c>, or empty for +0.</summary>
    public required ReadOnlySpan<float> Bias;

    /// <summary>One lane group of the input.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary>One lane group of the output; its border is not written.</summary>
    public required Span<float> Y;

    /// <summary><see cref="DenseConvolution.WorkspaceLength"/> values.</summary>
    public required Span<float> Workspace;

    /// <summary>Whether a ReLU follows.</summary>
    public required bool Relu;

    public readonly void Check()
    {
        IKernel.Require(Shape.IsValid);
        IKernel.Require(Packed.Length >= DenseConvolution.PackedLength(Shape, false) && (Bias.IsEmpty || Bias.Length >= Shape.Outputs));
        IKernel.Require(X.Length >= Shape.InputLength && Y.Length >= Shape.OutputLength);
        IKernel.Require(Workspace.Length >= DenseConvolution.WorkspaceLength(Shape));
    }

    public readonly void Reference()
    {
        if (DenseConvolution.UsesWinograd(Shape)) ReferencePoints(Shape, Packed, Bias, default, X, Y, Relu);
        else ReferencePatches();
    }

    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        fixed (float* packed = Packed, bias = Bias, x = X, y = Y, work = Workspace)
            if (DenseConvolution.UsesWinograd(Shape)) Points<TWide>(Shape, packed, bias, null, x, y, work, Relu);
            else Patches<TWide>(Shape, packed, bias, x, y, work, Relu);
    }

    private readonly void ReferencePatches()
    {
        int rows = DenseConvolution.PatchRows(Shape);
        for (int output = 0; output < Shape.Outputs; output++)
            for (int pixel = 0; pixel < Shape.OutputPixels; pixel++)
                for (int lane = 0; lane < 16; lane++)
                {
                    float sum = Bias.IsEmpty ? 0 : Bias[output];
                    for (int row = 0; row < rows; row++)
                        sum = MathF.FusedMultiplyAdd(
                            Packed[(output / 16 * rows + row) * 16 + output % 16], X[Shape.PatchOffset(row, pixel) + lane], sum);
                    Y[Shape.OutputOffset(output, pixel) + lane] = Relu && !(sum > 0) ? 0 : sum;
                }
    }

    /// <summary>The same for the input gradient, with its ReLU mask.</summary>
    internal static void ReferencePoints(
        in ConvolutionShape shape, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias, ReadOnlySpan<float> mask, ReadOnlySpan<float> x,
        Span<float> y, bool relu)
    {
        Span<float> patch = stackalloc float[16], points = stackalloc float[16], result = stackalloc float[4];
        var values = new float[16 * shape.Inputs];
        for (int tile = 0; tile < shape.OutputPixels / 4; tile++)
            for (int lane = 0; lane < 16; lane++)
            {
                for (int input = 0; input < shape.Inputs; input++)
                {
                    ReadOnlySpan<float> first = x[(shape.TileInputOffset(input, tile) + lane)..];
                    for (int i = 0; i < 16; i++) patch[i] = first[i / 4 * shape.InputRow + i % 4 * 16];
                    WinogradReference.Input(patch, points);
                    for (int point = 0; point < 16; point++) values[point * shape.Inputs + input] = points[point];
                }
                for (int output = 0; output < shape.Outputs; output++)
                {
                    for (int point = 0; point < 16; point++)
                    {
                        points[point] = 0;
                        for (int input = 0; input < shape.Inputs; input++)
                            points[point] = MathF.FusedMultiplyAdd(
                                packed[((output / 16 * 16 + point) * shape.Inputs + input) * 16 + output % 16],
                                values[point * shape.Inputs + input], points[point]);
                    }
                    WinogradReference.Output(points, result);
                    for (int i = 0; i < 4; i++)
                    {
                        int offset = shape.TileOutputOffset(output, tile) + i / 2 * shape.OutputRow + i % 2 * 16 + lane;
                        float value = bias.IsEmpty ? result[i] : result[i] + bias[output];
                        bool passes = mask.IsEmpty ? !relu || value > 0 : mask[offset] > 0;
                        y[offset] = passes ? value : 0;
                    }
                }
            }
    }

    private static void Patches<TWide>(
        in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int rows = DenseConvolution.PatchRows(shape), pixels = shape.OutputPixels;
        float* panel = work, results = work + rows * DenseConvolution.Row;
        for (int pixel = 0; pixel < pixels; pixel += DenseConvolution.Columns)
        {
            int count = Math.Min(DenseConvolution.Columns, pixels - pixel);
            ConvolutionPatches.Gather<TWide>(shape, x, pixel, count, panel);
            for (int block = 0; block < shape.Outputs; block += 16)
            {
                int inBlock = Math.Min(16, shape.Outputs - block);
                ConvolutionProduct.Fast<TWide>(new()
                {
                    A = packed + (nint)block * rows, AStep = 16, AStride = 1, M = panel, MStride = DenseConvolution.Row,
                    Start = bias == null ? null : bias + block, Target = results, TargetStride = DenseConvolution.Row,
                    Rows = inBlock, Inner = rows, Vectors = count,
                });
                for (int column = 0; column < count; column++)
                {
                    float* target = y + shape.OutputOffset(block, pixel + column), result = results + column * 16;
                    for (int i = 0; i < inBlock; i++, target += shape.OutputChannel, result += DenseConvolution.Row)
                    {
                        TWide value = TWide.Load(result);
                        TWide.Store(target, relu ? TWide.WhereGreater(value, TWide.Zero, value) : value);
                    }
                }
            }
        }
    }

    /// <summary>The same for the input gradient, with its ReLU mask.</summary>
    internal static void Points<TWide>(
        in ConvolutionShape shape, float* packed, float* bias, float* mask, float* x, float* y, float* work, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int tiles = shape.OutputPixels / 4;
        nint panelPoint = DenseConvolution.PointStride(shape.Inputs), resultPoint = DenseConvolution.PointStride(16);
        float* panel = work, results = work + DenseConvolution.Points * panelPoint;
        SquarePrefetch ofX = new(shape.InputRow, shape.InputChannel);
        SquarePrefetch ofY = new(shape.OutputRow, shape.OutputChannel), ofMask = ofY;
        for (int tile = 0; tile < tiles; tile += DenseConvolution.Columns)
        {
            int count = Math.Min(DenseConvolution.Columns, tiles - tile);
            PointPanel<TWide>(shape, x, tile, count, panel);
            ofX.OfInputs(shape, x, tile + DenseConvolution.Columns);
            for (int block = 0; block < shape.Outputs; block += 16)
            {
                int inBlock = Math.Min(16, shape.Outputs - block);
                ofY.OfOutputs(shape, y, block, block + inBlock, tile);
                ofMask.OfOutputs(shape, mask, block, block + inBlock, tile);
                for (int point = 0; point < DenseConvolution.Points; point++)
                {
                    ofX.Next();
                    ofY.Next();
                    ofMask.Next();
                    ConvolutionProduct.Fast<TWide>(new()
                    {
                        A = packed + (nint)(block + point) * 16 * shape.Inputs, AStep = 16, AStride = 1,
                        M = panel + point * panelPoint, MStride = DenseConvolution.Row,
                        Target = results + point * resultPoint, TargetStride = DenseConvolution.Row,
                        Rows = inBlock, Inner = shape.Inputs, Vectors = count,
                    });
                }
                for (int column = 0; column < count; column++)
                {
                    nint offset = shape.TileOutputOffset(block, tile + column);
                    Outputs<TWide>(shape, results + column * 16, bias == null ? null : bias + block,
                        mask == null ? null : mask + offset, y + offset, inBlock, relu);
                }
            }
        }
    }

    /// <summary>The points of up to four tiles: <c>[point][input][tile][16]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PointPanel<TWide>(in ConvolutionShape shape, float* x, int tile, int count, float* panel)
        where TWide : unmanaged, IWide<TWide>
    {
        nint row = shape.InputRow, channel = shape.InputChannel, point = DenseConvolution.PointStride(shape.Inputs);
        int inputs = shape.Inputs;
        nint* offsets = stackalloc nint[DenseConvolution.Columns];
        for (int column = 0; column < count; column++) offsets[column] = shape.TileInputOffset(0, tile + column);
        for (int input = 0; input < inputs; input++, x += channel, panel += DenseConvolution.Row)
            for (int column = 0; column < count; column++)
                Winograd.Input<TWide>(x + offsets[column], row, panel + column * 16, point);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outputs<TWide>(
        in ConvolutionShape shape, float* results, float* bias, float* mask, float* y, int outputs, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        nint row = shape.OutputRow, channel = shape.OutputChannel, point = DenseConvolution.PointStride(16);
        for (int output = 0; output < outputs; output++, results += DenseConvolution.Row, y += channel)
        {
            Winograd.Output<TWide>(results, point, out TWide y00, out TWide y01, out TWide y10, out TWide y11);
            if (bias != null)
            {
                TWide b = TWide.Broadcast(bias[output]);
                (y00, y01, y10, y11) = (TWide.Add(y00, b), TWide.Add(y01, b), TWide.Add(y10, b), TWide.Add(y11, b));
            }
            if (mask != null)
            {
                (y00, y01) = (Masked(mask, y00), Masked(mask + 16, y01));
                (y10, y11) = (Masked(mask + row, y10), Masked(mask + row + 16, y11));
                mask += channel;
            }
            else if (relu)
                (y00, y01, y10, y11) = (Positive(y00), Positive(y01), Positive(y10), Positive(y11));
            TWide.Store(y, y00);
            TWide.Store(y + 16, y01);
            TWide.Store(y + row, y10);
            TWide.Store(y + row + 16, y11);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Masked<TWide>(float* mask, TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(TWide.Load(mask), TWide.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Positive<TWide>(TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(value, TWide.Zero, value);
}
