using System.Runtime.CompilerServices;
using Lottery.Kernels.Convolution;

namespace Lottery.Kernels.Prediction;

/// <summary>
/// y = relu(normalized(W ∗ x + b)) with every weight, of a single image, where a batch takes Winograd's transforms
/// (<see cref="DenseConvolution.UsesWinograd"/>). The lanes are channels: sixteen input channels are transformed at once, and a
/// transformed value multiplies the weights of sixteen output channels.
/// </summary>
/// <remarks>
/// Order of each output: as <see cref="ConvolutionForward"/> in a lane; then, with a normalization, a subtraction and one fused
/// multiply-add as <see cref="Normalization.NormalizeForward"/>.
/// </remarks>
internal unsafe ref struct SingleWinogradForward : IKernel
{
    private const int Lanes = ConvolutionShape.Lanes, Points = DenseConvolution.Points;

    /// <summary>Tiles of 2×2 outputs that are transformed before they are multiplied.</summary>
    private const int Tiles = 16;

    /// <summary>The shape, whose borders are a batch's.</summary>
    public required ConvolutionShape Shape;

    /// <summary>From <see cref="ConvolutionPacking"/>, not transposed.</summary>
    public required ReadOnlySpan<float> Packed;

    /// <summary><c>[padded outputs]</c>, or empty for +0.</summary>
    public required ReadOnlySpan<float> Bias;

    /// <summary>Means, scales and shifts, <c>[3, padded outputs]</c>; empty without a normalization.</summary>
    public required ReadOnlySpan<float> Normalization;

    /// <summary>The image, row after row; sixteen values can be read from each sixteenth pixel of a row on.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary>Values of x from one row, and from one channel, to the next.</summary>
    public required (int Row, int Channel) XSteps;

    /// <summary><c>[outputs, <see cref="ChannelLength"/>]</c>, row after row; what rounds the pixels up has no meaning.</summary>
    public required Span<float> Y;

    /// <summary><see cref="WorkspaceLength"/> values.</summary>
    public required Span<float> Workspace;

    /// <summary>Whether a ReLU follows.</summary>
    public required bool Relu;

    /// <summary>Values of y from one channel to the next: its pixels, rounded up to a multiple of 16.</summary>
    public static int ChannelLength(in ConvolutionShape shape) => DenseConvolution.Padded(shape.Rows * shape.Columns);

    /// <summary>Values of the workspace: the image and the result by sixteen channels, and the points of some tiles before and after the product.</summary>
    public static int WorkspaceLength(in ConvolutionShape shape) =>
        ImageLength(shape) + ResultLength(shape) + Points * (PointStride(shape.Inputs) + 2 * PointStride(Lanes)) + 2 * Lanes * Lanes;

    public readonly void Check()
    {
        IKernel.Require(Shape.IsValid && DenseConvolution.UsesWinograd(Shape) && XSteps.Row >= Shape.Columns && XSteps.Channel >= 0);
        IKernel.Require(Packed.Length >= DenseConvolution.PackedLength(Shape, false));
        IKernel.Require(Bias.IsEmpty || Bias.Length >= Shape.PaddedOutputs);
        IKernel.Require(Normalization.IsEmpty || Normalization.Length >= 3 * Shape.PaddedOutputs);
        IKernel.Require(X.Length >= (Shape.Inputs - 1) * XSteps.Channel + (Shape.Rows - 1) * XSteps.Row + DenseConvolution.Padded(Shape.Columns));
        IKernel.Require(Y.Length >= Shape.Outputs * ChannelLength(Shape) && Workspace.Length >= WorkspaceLength(Shape));
    }

    public readonly void Reference()
    {
        Span<float> patch = stackalloc float[16], points = stackalloc float[16], result = stackalloc float[4];
        var values = new float[16 * Shape.Inputs];
        int across = Shape.Columns / 2;
        for (int tile = 0; tile < Shape.Rows / 2 * across; tile++)
        {
            int row = tile / across * 2, column = tile % across * 2;
            for (int input = 0; input < Shape.Inputs; input++)
            {
                for (int i = 0; i < 16; i++)
                {
                    int r = row + i / 4 - 1, c = column + i % 4 - 1;
                    bool isInside = r >= 0 && r < Shape.Rows && c >= 0 && c < Shape.Columns;
                    patch[i] = isInside ? X[input * XSteps.Channel + r * XSteps.Row + c] : 0;
                }
                WinogradReference.Input(patch, points);
                for (int point = 0; point < 16; point++) values[point * Shape.Inputs + input] = points[point];
            }
            for (int output = 0; output < Shape.Outputs; output++)
            {
                for (int point = 0; point < 16; point++)
                {
                    points[point] = 0;
                    for (int input = 0; input < Shape.Inputs; input++)
                        points[point] = MathF.FusedMultiplyAdd(
                            Packed[((output / 16 * 16 + point) * Shape.Inputs + input) * 16 + output % 16], values[point * Shape.Inputs + input],
                            points[point]);
                }
                WinogradReference.Output(points, result);
                for (int i = 0; i < 4; i++)
                {
                    float value = Bias.IsEmpty ? result[i] : result[i] + Bias[output];
                    if (!Normalization.IsEmpty)
                        value = MathF.FusedMultiplyAdd(
                            value - Normalization[output], Normalization[Shape.PaddedOutputs + output], Normalization[2 * Shape.PaddedOutputs + output]);
                    Y[output * ChannelLength(Shape) + (row + i / 2) * Shape.Columns + column + i % 2] = !Relu || value > 0 ? value : 0;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        ConvolutionShape shape = Shape;
        int inputs = shape.Inputs, outputs = shape.Outputs, padded = DenseConvolution.Padded(inputs), across = shape.Columns / 2;
        int tiles = shape.Rows / 2 * across;
        nint row = (shape.Columns + 2) * Lanes, block = (shape.Rows + 2) * row, pointX = PointStride(inputs), pointY = PointStride(Lanes);
        fixed (float* packed = Packed, bias = Bias, normalization = Normalization, x = X, y = Y, work = Workspace)
        {
            float* image = work, result = image + ImageLength(shape), before = result + ResultLength(shape);
            float* after = before + Points * pointX, square = after + 2 * Points * pointY;
            ByLanes<TWide>(shape, x, XSteps.Row, XSteps.Channel, image, square);
            for (int tile = 0; tile < tiles; tile += Tiles)
            {
                int count = Math.Min(Tiles, tiles - tile);
                for (int input = 0; input < inputs; input += Lanes)
                    for (int i = 0; i < count; i++)
                        Winograd.Input<TWide>(
                            image + input / Lanes * block + (tile + i) / across * 2 * row + (tile + i) % across * 2 * Lanes, row,
                            before + (nint)i * padded + input, pointX);
                for (int output = 0; output < outputs; output += 2 * Lanes)
                {
                    bool isPair = output + Lanes < outputs;
                    for (int point = 0; point < Points; point++)
                    {
                        float* weights = packed + (nint)(output + point) * Lanes * inputs;
                        float* from = before + point * pointX, to = after + point * pointY;
                        if (isPair) Rows<TWide, TwoVectors>(weights, inputs, from, padded, to, Points * pointY, count);
                        else Rows<TWide, OneVector>(weights, inputs, from, padded, to, Points * pointY, count);
                    }
                    for (int half = 0; half < (isPair ? 2 : 1); half++)
                    {
                        int channel = output + half * Lanes;
                        Outputs<TWide>(
                            shape, tile, count, after + half * Points * pointY, bias == null ? null : bias + channel,
                            normalization == null ? null : normalization + channel, result + (nint)channel * shape.Rows * shape.Columns, Relu);
                    }
                }
            }
            ByPixels<TWide>(shape, result, y, square);
        }
    }

    private static int PointStride(int channels) => Tiles * DenseConvolution.Padded(channels) + DenseConvolution.Gap;

    private static int ImageLength(in ConvolutionShape shape) =>
        DenseConvolution.Padded(shape.Inputs) * (shape.Rows + 2) * (shape.Columns + 2);

    /// <summary>The pixels are transposed sixteen at a time, so that there may be some after the last.</summary>
    private static int ResultLength(in ConvolutionShape shape) => shape.PaddedOutputs * shape.Rows * shape.Columns + Lanes * Lanes;

    /// <summary>The image in a border of zeros: <c>[sixteen channels][row][column][channel]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByLanes<TWide>(in ConvolutionShape shape, float* x, nint xRow, nint xChannel, float* image, float* square)
        where TWide : unmanaged, IWide<TWide>
    {
        int rows = shape.Rows, columns = shape.Columns, inputs = shape.Inputs;
        nint row = (columns + 2) * Lanes;
        for (int input = 0; input < inputs; input += Lanes)
        {
            int channels = Math.Min(Lanes, inputs - input);
            new Span<float>(image, (int)row).Clear();
            image += row;
            for (int r = 0; r < rows; r++, image += row)
            {
                TWide.Store(image, TWide.Zero);
                for (int c = 0; c < columns; c += Lanes)
                {
                    float* from = x + input * xChannel + r * xRow + c, to = image + (c + 1) * Lanes;
                    nint step = xChannel;
                    int count = Math.Min(Lanes, columns - c);
                    if (channels < Lanes)
                    {
                        for (int i = 0; i < Lanes; i++) TWide.Store(square + i * Lanes, i < channels ? TWide.Load(from + i * xChannel) : TWide.Zero);
                        from = square;
                        step = Lanes;
                    }
                    if (count == Lanes) TWide.Transpose(from, step, to, Lanes);
                    else
                    {
                        float* turned = square + Lanes * Lanes;
                        TWide.Transpose(from, step, turned, Lanes);
                        for (int i = 0; i < count; i++) TWide.Store(to + i * Lanes, TWide.Load(turned + i * Lanes));
                    }
                }
                TWide.Store(image + row - Lanes, TWide.Zero);
            }
            new Span<float>(image, (int)row).Clear();
            image += row;
        }
    }

    /// <summary>The products at one point: of each tile's values with the weights of sixteen outputs, or of twice sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<TWide, TVectors>(float* weights, int inputs, float* from, nint stride, float* to, nint toSecond, int count)
        where TWide : unmanaged, IWide<TWide>
        where TVectors : struct, IVectorCount
    {
        // Rows after the last tile are multiplied, too: their values are those of tiles before.
        if (TWide.Registers == 1)
            for (int i = 0; i < count; i += 8)
                Product<TWide, EightVectors, TVectors>(weights, inputs, from + i * stride, stride, to + i * Lanes, toSecond);
        else
            for (int i = 0; i < count; i += 4)
                Product<TWide, FourVectors, TVectors>(weights, inputs, from + i * stride, stride, to + i * Lanes, toSecond);
    }

    /// <summary>Eight tiles (or four, where sixteen lanes take several registers) × 16 or 32 outputs: their sums are in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Product<TWide, TRows, TVectors>(float* weights, int inputs, float* from, nint stride, float* to, nint toSecond)
        where TWide : unmanaged, IWide<TWide>
        where TRows : struct, IVectorCount
        where TVectors : struct, IVectorCount
    {
        TWide a0 = TWide.Zero, b0 = a0, c0 = a0, d0 = a0, e0 = a0, f0 = a0, g0 = a0, h0 = a0;
        TWide a1 = a0, b1 = a0, c1 = a0, d1 = a0, e1 = a0, f1 = a0, g1 = a0, h1 = a0;
        nint second = (nint)Points * Lanes * inputs, two = 2 * stride, three = 3 * stride;
        float* low = from, high = from + 4 * stride;
        for (int k = inputs; k > 0; k--, weights += Lanes, low++, high++)
        {
            TWide w0 = TWide.Load(weights), w1 = TVectors.Count > 1 ? TWide.Load(weights + second) : w0, value = TWide.Broadcast(low[0]);
            a0 = TWide.MultiplyAdd(value, w0, a0);
            if (TVectors.Count > 1) a1 = TWide.MultiplyAdd(value, w1, a1);
            value = TWide.Broadcast(low[stride]);
            b0 = TWide.MultiplyAdd(value, w0, b0);
            if (TVectors.Count > 1) b1 = TWide.MultiplyAdd(value, w1, b1);
            value = TWide.Broadcast(low[two]);
            c0 = TWide.MultiplyAdd(value, w0, c0);
            if (TVectors.Count > 1) c1 = TWide.MultiplyAdd(value, w1, c1);
            value = TWide.Broadcast(low[three]);
            d0 = TWide.MultiplyAdd(value, w0, d0);
            if (TVectors.Count > 1) d1 = TWide.MultiplyAdd(value, w1, d1);
            if (TRows.Count < 8) continue;
            value = TWide.Broadcast(high[0]);
            e0 = TWide.MultiplyAdd(value, w0, e0);
            if (TVectors.Count > 1) e1 = TWide.MultiplyAdd(value, w1, e1);
            value = TWide.Broadcast(high[stride]);
            f0 = TWide.MultiplyAdd(value, w0, f0);
            if (TVectors.Count > 1) f1 = TWide.MultiplyAdd(value, w1, f1);
            value = TWide.Broadcast(high[two]);
            g0 = TWide.MultiplyAdd(value, w0, g0);
            if (TVectors.Count > 1) g1 = TWide.MultiplyAdd(value, w1, g1);
            value = TWide.Broadcast(high[three]);
            h0 = TWide.MultiplyAdd(value, w0, h0);
            if (TVectors.Count > 1) h1 = TWide.MultiplyAdd(value, w1, h1);
        }
        Store(to, a0, b0, c0, d0);
        if (TRows.Count == 8) Store(to + 4 * Lanes, e0, f0, g0, h0);
        if (TVectors.Count > 1) Store(to + toSecond, a1, b1, c1, d1);
        if (TVectors.Count > 1 && TRows.Count == 8) Store(to + toSecond + 4 * Lanes, e1, f1, g1, h1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWide>(float* to, TWide a, TWide b, TWide c, TWide d) where TWide : unmanaged, IWide<TWide>
    {
        TWide.Store(to, a);
        TWide.Store(to + Lanes, b);
        TWide.Store(to + 2 * Lanes, c);
        TWide.Store(to + 3 * Lanes, d);
    }

    /// <summary>The outputs of some tiles: <c>[row][column][sixteen channels]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outputs<TWide>(
        in ConvolutionShape shape, int tile, int count, float* points, float* bias, float* normalization, float* result, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int across = shape.Columns / 2, padded = shape.PaddedOutputs;
        nint row = shape.Columns * Lanes;
        TWide b = bias == null ? TWide.Zero : TWide.Load(bias), mean = TWide.Zero, scale = TWide.Zero, shift = TWide.Zero;
        if (normalization != null)
            (mean, scale, shift) = (TWide.Load(normalization), TWide.Load(normalization + padded), TWide.Load(normalization + 2 * padded));
        for (int i = tile; i < tile + count; i++, points += Lanes)
        {
            Winograd.Output<TWide>(points, PointStride(Lanes), out TWide y00, out TWide y01, out TWide y10, out TWide y11);
            if (bias != null) (y00, y01, y10, y11) = (TWide.Add(y00, b), TWide.Add(y01, b), TWide.Add(y10, b), TWide.Add(y11, b));
            if (normalization != null)
            {
                y00 = TWide.MultiplyAdd(TWide.Subtract(y00, mean), scale, shift);
                y01 = TWide.MultiplyAdd(TWide.Subtract(y01, mean), scale, shift);
                y10 = TWide.MultiplyAdd(TWide.Subtract(y10, mean), scale, shift);
                y11 = TWide.MultiplyAdd(TWide.Subtract(y11, mean), scale, shift);
            }
            if (relu) (y00, y01, y10, y11) = (Positive(y00), Positive(y01), Positive(y10), Positive(y11));
            float* y = result + i / across * 2 * row + i % across * 2 * Lanes;
            TWide.Store(y, y00);
            TWide.Store(y + Lanes, y01);
            TWide.Store(y + row, y10);
            TWide.Store(y + row + Lanes, y11);
        }
    }

    /// <summary>From <c>[sixteen channels][pixel][channel]</c> to <c>[channel][pixel]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByPixels<TWide>(in ConvolutionShape shape, float* result, float* y, float* square) where TWide : unmanaged, IWide<TWide>
    {
        int pixels = shape.Rows * shape.Columns, channel = ChannelLength(shape), outputs = shape.Outputs;
        for (int output = 0; output < outputs; output += Lanes, result += pixels * Lanes, y += channel * Lanes)
            for (int pixel = 0; pixel < pixels; pixel += Lanes)
                if (output + Lanes <= outputs) TWide.Transpose(result + pixel * Lanes, Lanes, y + pixel, channel);
                else
                {
                    TWide.Transpose(result + pixel * Lanes, Lanes, square, Lanes);
                    for (int i = 0; i < outputs - output; i++) TWide.Store(y + i * channel + pixel, TWide.Load(square + i * Lanes));
                }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Positive<TWide>(TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(value, TWide.Zero, value);
}
