using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>y = relu(W ∗ x + b), one tile of sixteen images.</summary>
/// <remarks>
/// Order of each output in each lane. By patches: the bias (or +0), then one fused multiply-add for every input channel,
/// kernel row and kernel column, ascending. By Winograd: at each of 16 points a sum from +0, one fused multiply-add an
/// input channel, ascending; then <see cref="WinogradLines.Output"/>; then the bias is added.
/// Shapes: x <c>[inputs][row + border][column + border][16]</c>, y the same with outputs; borders are not written.
/// </remarks>
internal static unsafe class DenseForward
{
    public static void Reference(in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, bool relu)
    {
        if (DenseConvolution.ByWinograd(shape)) ReferencePoints(shape, packed, bias, null, x, y, relu);
        else ReferencePatches(shape, packed, bias, x, y, relu);
    }

    private static void ReferencePatches(in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, bool relu)
    {
        int rows = DenseConvolution.PatchRows(shape);
        for (int output = 0; output < shape.Outputs; output++)
            for (int pixel = 0; pixel < shape.OutputPixels; pixel++)
                for (int lane = 0; lane < 16; lane++)
                {
                    float sum = bias == null ? 0 : bias[output];
                    for (int row = 0; row < rows; row++)
                        sum = MathF.FusedMultiplyAdd(
                            packed[(output / 16 * rows + row) * 16 + output % 16], x[shape.PatchPlace(row, pixel) + lane], sum);
                    y[shape.OutputPlace(output, pixel) + lane] = relu && !(sum > 0) ? 0 : sum;
                }
    }

    /// <summary>The same for the input gradient, where gate is what decides.</summary>
    internal static void ReferencePoints(
        in ConvolutionShape shape, float* packed, float* bias, float* gate, float* x, float* y, bool relu)
    {
        Span<float> patch = stackalloc float[16], points = stackalloc float[16], result = stackalloc float[4];
        var values = new float[16 * shape.Inputs];
        for (int tile = 0; tile < shape.OutputPixels / 4; tile++)
            for (int lane = 0; lane < 16; lane++)
            {
                for (int input = 0; input < shape.Inputs; input++)
                {
                    float* first = x + shape.TileInputPlace(input, tile) + lane;
                    for (int i = 0; i < 16; i++) patch[i] = first[i / 4 * shape.InputRow + i % 4 * 16];
                    WinogradLines.Input(patch, points);
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
                    WinogradLines.Output(points, result);
                    for (int i = 0; i < 4; i++)
                    {
                        int place = shape.TileOutputPlace(output, tile) + i / 2 * shape.OutputRow + i % 2 * 16 + lane;
                        float value = bias == null ? result[i] : result[i] + bias[output];
                        bool open = gate != null ? gate[place] > 0 : !relu || value > 0;
                        y[place] = open ? value : 0;
                    }
                }
            }
    }

    public static void Fast<TWide, TCounter>(
        in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        if (DenseConvolution.ByWinograd(shape)) Points<TWide, TCounter>(shape, packed, bias, null, x, y, work, relu);
        else Patches<TWide, TCounter>(shape, packed, bias, x, y, work, relu);
    }

    private static void Patches<TWide, TCounter>(
        in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int rows = DenseConvolution.PatchRows(shape), pixels = shape.OutputPixels;
        float* panel = work, results = work + rows * DenseConvolution.Row;
        for (int pixel = 0; pixel < pixels; pixel += DenseConvolution.Columns)
        {
            int count = Math.Min(DenseConvolution.Columns, pixels - pixel);
            DensePatches.Gather<TWide>(shape, x, pixel, count, panel);
            for (int block = 0; block < shape.Outputs; block += 16)
            {
                int inBlock = Math.Min(16, shape.Outputs - block);
                DenseProduct.Fast<TWide, TCounter>(new()
                {
                    A = packed + (nint)block * rows, AStep = 16, AStride = 1, M = panel, MStride = DenseConvolution.Row,
                    Start = bias == null ? null : bias + block, Target = results, TargetStride = DenseConvolution.Row,
                    Rows = inBlock, Inner = rows, Vectors = count,
                });
                for (int column = 0; column < count; column++)
                {
                    float* target = y + shape.OutputPlace(block, pixel + column), result = results + column * 16;
                    for (int i = 0; i < inBlock; i++, target += shape.OutputChannel, result += DenseConvolution.Row)
                    {
                        TWide value = TWide.Load(result);
                        TWide.Store(target, relu ? TWide.WhereGreater(value, TWide.Zero, value) : value);
                    }
                }
            }
        }
    }

    /// <summary>The same for the input gradient, where gate is what decides.</summary>
    internal static void Points<TWide, TCounter>(
        in ConvolutionShape shape, float* packed, float* bias, float* gate, float* x, float* y, float* work, bool relu)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int tiles = shape.OutputPixels / 4;
        nint panelPoint = DenseConvolution.PointStride(shape.Inputs), resultPoint = DenseConvolution.PointStride(16);
        float* panel = work, results = work + DenseConvolution.Points * panelPoint;
        for (int tile = 0; tile < tiles; tile += DenseConvolution.Columns)
        {
            int count = Math.Min(DenseConvolution.Columns, tiles - tile);
            PointPanel<TWide>(shape, x, tile, count, panel);
            for (int block = 0; block < shape.Outputs; block += 16)
            {
                int inBlock = Math.Min(16, shape.Outputs - block);
                for (int point = 0; point < DenseConvolution.Points; point++)
                    DenseProduct.Fast<TWide, TCounter>(new()
                    {
                        A = packed + (nint)(block + point) * 16 * shape.Inputs, AStep = 16, AStride = 1,
                        M = panel + point * panelPoint, MStride = DenseConvolution.Row,
                        Target = results + point * resultPoint, TargetStride = DenseConvolution.Row,
                        Rows = inBlock, Inner = shape.Inputs, Vectors = count,
                    });
                for (int column = 0; column < count; column++)
                {
                    nint place = shape.TileOutputPlace(block, tile + column);
                    Outputs<TWide>(shape, results + column * 16, bias == null ? null : bias + block,
                        gate == null ? null : gate + place, y + place, inBlock, relu);
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
        nint* places = stackalloc nint[DenseConvolution.Columns];
        for (int column = 0; column < count; column++) places[column] = shape.TileInputPlace(0, tile + column);
        for (int input = 0; input < inputs; input++, x += channel, panel += DenseConvolution.Row)
            for (int column = 0; column < count; column++)
                DenseWinograd.Input<TWide>(x + places[column], row, panel + column * 16, point);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outputs<TWide>(
        in ConvolutionShape shape, float* results, float* bias, float* gate, float* y, int outputs, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        nint row = shape.OutputRow, channel = shape.OutputChannel, point = DenseConvolution.PointStride(16);
        for (int output = 0; output < outputs; output++, results += DenseConvolution.Row, y += channel)
        {
            DenseWinograd.Output<TWide>(results, point, out TWide y00, out TWide y01, out TWide y10, out TWide y11);
            if (bias != null)
            {
                TWide b = TWide.Broadcast(bias[output]);
                (y00, y01, y10, y11) = (TWide.Add(y00, b), TWide.Add(y01, b), TWide.Add(y10, b), TWide.Add(y11, b));
            }
            if (gate != null)
            {
                (y00, y01) = (Open(gate, y00), Open(gate + 16, y01));
                (y10, y11) = (Open(gate + row, y10), Open(gate + row + 16, y11));
                gate += channel;
            }
            else if (relu)
                (y00, y01, y10, y11) = (Relu(y00), Relu(y01), Relu(y10), Relu(y11));
            TWide.Store(y, y00);
            TWide.Store(y + 16, y01);
            TWide.Store(y + row, y10);
            TWide.Store(y + row + 16, y11);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Open<TWide>(float* gate, TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(TWide.Load(gate), TWide.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Relu<TWide>(TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(value, TWide.Zero, value);
}
