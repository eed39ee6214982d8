using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>gradient = Σ dy × x over all images and pixels, for a range of output channels.</summary>
/// <remarks>
/// Order. The columns of a tile (2×2 outputs, or output pixels; rows, then columns) are taken four at a time. Each four
/// has a sum from +0, one fused multiply-add a column and lane, ascending; these sums are added, tile after tile, to
/// what begins at +0. By Winograd that is done at each of 16 points, then <see cref="WinogradLines.FilterGradient"/>.
/// Shapes: x and dy <c>[tiles]</c> of what <see cref="DenseForward"/> takes, gradient as the weights,
/// <c>[input][kernel row][kernel column][padded outputs]</c>; outputs that fill a last block get +0.
/// </remarks>
internal static unsafe class DenseWeightGradient
{
    public static void Reference(in ConvolutionShape shape, float* x, float* dy, int tiles, int from, int to, float* gradient)
    {
        Span<float> points = stackalloc float[16], kernel = stackalloc float[9];
        for (int output = from; output < to; output++)
            for (int input = 0; input < shape.Inputs; input++)
            {
                float* target = gradient + input * shape.Taps * shape.PaddedOutputs + output;
                if (output >= shape.Outputs)
                    for (int tap = 0; tap < shape.Taps; tap++) target[tap * shape.PaddedOutputs] = 0;
                else if (DenseConvolution.ByWinograd(shape))
                {
                    ReferencePoints(shape, x, dy, tiles, output, input, points);
                    WinogradLines.FilterGradient(points, kernel);
                    for (int tap = 0; tap < 9; tap++) target[tap * shape.PaddedOutputs] = kernel[tap];
                }
                else
                    for (int tap = 0; tap < shape.Taps; tap++)
                        target[tap * shape.PaddedOutputs] = ReferencePatches(shape, x, dy, tiles, output, input * shape.Taps + tap);
            }
    }

    private static float ReferencePatches(in ConvolutionShape shape, float* x, float* dy, int tiles, int output, int row)
    {
        float sum = 0;
        for (int tile = 0; tile < tiles; tile++, x += shape.InputLength, dy += shape.OutputLength)
            for (int panel = 0; panel < shape.OutputPixels; panel += DenseConvolution.Columns)
            {
                float part = 0;
                for (int pixel = panel; pixel < Math.Min(panel + DenseConvolution.Columns, shape.OutputPixels); pixel++)
                    for (int lane = 0; lane < 16; lane++)
                        part = MathF.FusedMultiplyAdd(
                            x[shape.PatchPlace(row, pixel) + lane], dy[shape.OutputPlace(output, pixel) + lane], part);
                sum += part;
            }
        return sum;
    }

    private static void ReferencePoints(
        in ConvolutionShape shape, float* x, float* dy, int tiles, int output, int input, Span<float> sums)
    {
        Span<float> patch = stackalloc float[16], v = stackalloc float[16], m = stackalloc float[16], part = stackalloc float[16];
        sums.Clear();
        int squares = shape.OutputPixels / 4;
        for (int tile = 0; tile < tiles; tile++, x += shape.InputLength, dy += shape.OutputLength)
            for (int panel = 0; panel < squares; panel += DenseConvolution.Columns)
            {
                part.Clear();
                for (int square = panel; square < Math.Min(panel + DenseConvolution.Columns, squares); square++)
                    for (int lane = 0; lane < 16; lane++)
                    {
                        float* first = x + shape.TileInputPlace(input, square) + lane;
                        for (int i = 0; i < 16; i++) patch[i] = first[i / 4 * shape.InputRow + i % 4 * 16];
                        WinogradLines.Input(patch, v);
                        first = dy + shape.TileOutputPlace(output, square) + lane;
                        for (int i = 0; i < 4; i++) patch[i] = first[i / 2 * shape.OutputRow + i % 2 * 16];
                        WinogradLines.OutputGradient(patch[..4], m);
                        for (int point = 0; point < 16; point++) part[point] = MathF.FusedMultiplyAdd(v[point], m[point], part[point]);
                    }
                for (int point = 0; point < 16; point++) sums[point] += part[point];
            }
    }

    public static void Fast<TWide, TCounter>(
        in ConvolutionShape shape, float* x, float* dy, int tiles, int from, int to, float* gradient, float* work)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        if (DenseConvolution.ByWinograd(shape)) Points<TWide, TCounter>(shape, x, dy, tiles, from, to, gradient, work);
        else Patches<TWide, TCounter>(shape, x, dy, tiles, from, to, gradient, work);
    }

    private static void Patches<TWide, TCounter>(
        in ConvolutionShape shape, float* x, float* dy, int tiles, int from, int to, float* gradient, float* work)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int rows = DenseConvolution.PatchRows(shape), pixels = shape.OutputPixels, width = to - from;
        float* panel = work, factors = work + rows * DenseConvolution.Row;
        for (int row = 0; row < rows; row++) new Span<float>(gradient + row * shape.PaddedOutputs + from, width).Clear();
        for (int tile = 0; tile < tiles; tile++, x += shape.InputLength, dy += shape.OutputLength)
            for (int pixel = 0; pixel < pixels; pixel += DenseConvolution.Columns)
            {
                int count = Math.Min(DenseConvolution.Columns, pixels - pixel);
                DensePatches.Gather<TWide>(shape, x, pixel, count, panel);
                for (int column = 0; column < count; column++)
                    for (int block = from; block < to; block += 16)
                        DensePatches.ByLane<TWide>(
                            shape, dy + shape.OutputPlace(0, pixel + column), block, factors + column * 16 * width + block - from, width);
                DenseProduct.Fast<TWide, TCounter>(new()
                {
                    A = panel, AStep = 1, AStride = DenseConvolution.Row, M = factors, MStride = width,
                    Target = gradient + from, TargetStride = shape.PaddedOutputs,
                    Rows = rows, Inner = 16 * count, Vectors = width / 16, Add = true,
                });
            }
    }

    private static void Points<TWide, TCounter>(
        in ConvolutionShape shape, float* x, float* dy, int tiles, int from, int to, float* gradient, float* work)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int width = to - from, squares = shape.OutputPixels / 4;
        nint panelPoint = DenseConvolution.PointStride(shape.Inputs), factorPoint = DenseConvolution.PointStride(width);
        nint sumPoint = (nint)shape.Inputs * width;
        float* panel = work, factors = panel + DenseConvolution.Points * panelPoint, sums = factors + DenseConvolution.Points * factorPoint;
        new Span<float>(sums, DenseConvolution.Points * shape.Inputs * width).Clear();
        for (int tile = 0; tile < tiles; tile++, x += shape.InputLength, dy += shape.OutputLength)
            for (int square = 0; square < squares; square += DenseConvolution.Columns)
            {
                int count = Math.Min(DenseConvolution.Columns, squares - square);
                DenseForward.PointPanel<TWide>(shape, x, square, count, panel);
                for (int column = 0; column < count; column++)
                    PointFactors<TWide>(
                        shape, dy + shape.TileOutputPlace(0, square + column), from, to, factors + column * 16 * width, factorPoint);
                for (int point = 0; point < DenseConvolution.Points; point++)
                    DenseProduct.Fast<TWide, TCounter>(new()
                    {
                        A = panel + point * panelPoint, AStep = 1, AStride = DenseConvolution.Row,
                        M = factors + point * factorPoint, MStride = width,
                        Target = sums + point * sumPoint, TargetStride = width,
                        Rows = shape.Inputs, Inner = 16 * count, Vectors = width / 16, Add = true,
                    });
            }
        Gradients<TWide>(shape, sums, sumPoint, width, gradient + from);
    }

    /// <summary>The points of one tile's dy: <c>[point][lane][outputs of the range]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PointFactors<TWide>(in ConvolutionShape shape, float* dy, int from, int to, float* factors, nint point)
        where TWide : unmanaged, IWide<TWide>
    {
        float* pixels = stackalloc float[4 * 256];
        nint row = shape.OutputRow;
        int width = to - from;
        for (int block = from; block < to; block += 16, factors += 16)
        {
            DensePatches.ByLane<TWide>(shape, dy, block, pixels, 16);
            DensePatches.ByLane<TWide>(shape, dy + 16, block, pixels + 256, 16);
            DensePatches.ByLane<TWide>(shape, dy + row, block, pixels + 512, 16);
            DensePatches.ByLane<TWide>(shape, dy + row + 16, block, pixels + 768, 16);
            for (int lane = 0; lane < 16; lane++)
                DenseWinograd.OutputGradient<TWide>(pixels + lane * 16, 256, factors + lane * width, point);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gradients<TWide>(in ConvolutionShape shape, float* sums, nint point, int width, float* gradient)
        where TWide : unmanaged, IWide<TWide>
    {
        nint tap = shape.PaddedOutputs;
        for (int input = 0; input < shape.Inputs; input++, gradient += 9 * tap)
            for (int output = 0; output < width; output += 16, sums += 16)
                DenseWinograd.FilterGradient<TWide>(sums, point, gradient + output, tap);
    }
}
