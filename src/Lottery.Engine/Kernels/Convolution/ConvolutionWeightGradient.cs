using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Convolution;

/// <summary>gradient = Σ dy × x over all images and pixels, for every weight of a range of output channels.</summary>
/// <remarks>
/// Order. The columns of a lane group (2×2 outputs, or output pixels; rows, then columns) are taken four at a time. Each four
/// has a sum from +0, one fused multiply-add a column and lane, ascending; these sums are added, group after group, from
/// +0. By Winograd that is done at each of 16 points, then <see cref="WinogradReference.FilterGradient"/>.
/// </remarks>
internal unsafe ref struct ConvolutionWeightGradient : IKernel
{
    /// <summary>The shape.</summary>
    public required ConvolutionShape Shape;

    /// <summary><c>[lane groups]</c> of the input.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[lane groups]</c> of the gradient at the output.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>The number of lane groups.</summary>
    public required int LaneGroups;

    /// <summary>The outputs whose weights are meant, from a multiple of 16 to another. Ranges that do not overlap may run at once.</summary>
    public required Range Outputs;

    /// <summary>
    /// The gradient of all weights in stored order, <c>[input][kernel row][kernel column][padded outputs]</c>: +0 for outputs
    /// that fill a last block; values of outputs outside the range are not written.
    /// </summary>
    public required Span<float> Gradient;

    /// <summary><see cref="DenseConvolution.GradientWorkspaceLength"/> values.</summary>
    public required Span<float> Workspace;

    public readonly void Check()
    {
        (int from, int count) = Outputs.GetOffsetAndLength(Shape.PaddedOutputs);
        IKernel.Require(Shape.IsValid && from % 16 == 0 && count % 16 == 0 && Gradient.Length >= Shape.DenseWeights);
        IKernel.Require(X.Length >= LaneGroups * Shape.InputLength && Dy.Length >= LaneGroups * Shape.OutputLength);
        IKernel.Require(Workspace.Length >= DenseConvolution.GradientWorkspaceLength(Shape, count));
    }

    public readonly void Reference()
    {
        (int from, int count) = Outputs.GetOffsetAndLength(Shape.PaddedOutputs);
        Span<float> points = stackalloc float[16], kernel = stackalloc float[9];
        for (int output = from; output < from + count; output++)
            for (int input = 0; input < Shape.Inputs; input++)
            {
                Span<float> target = Gradient[(input * Shape.KernelArea * Shape.PaddedOutputs + output)..];
                if (output < Shape.Outputs && DenseConvolution.UsesWinograd(Shape))
                {
                    ReferencePoints(output, input, points);
                    WinogradReference.FilterGradient(points, kernel);
                    for (int i = 0; i < 9; i++) target[i * Shape.PaddedOutputs] = kernel[i];
                    continue;
                }
                for (int i = 0; i < Shape.KernelArea; i++)
                    target[i * Shape.PaddedOutputs] = output < Shape.Outputs ? ReferencePatches(output, input * Shape.KernelArea + i) : 0;
            }
    }

    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        (int from, int count) = Outputs.GetOffsetAndLength(Shape.PaddedOutputs);
        fixed (float* x = X, dy = Dy, gradient = Gradient, work = Workspace)
            if (DenseConvolution.UsesWinograd(Shape)) Points<TWide>(Shape, x, dy, LaneGroups, from, from + count, gradient, work);
            else Patches<TWide>(Shape, x, dy, LaneGroups, from, from + count, gradient, work);
    }

    private readonly float ReferencePatches(int output, int row)
    {
        float sum = 0;
        for (int group = 0; group < LaneGroups; group++)
            for (int panel = 0; panel < Shape.OutputPixels; panel += DenseConvolution.Columns)
            {
                float part = 0;
                for (int pixel = panel; pixel < Math.Min(panel + DenseConvolution.Columns, Shape.OutputPixels); pixel++)
                    for (int lane = 0; lane < 16; lane++)
                        part = MathF.FusedMultiplyAdd(
                            X[group * Shape.InputLength + Shape.PatchOffset(row, pixel) + lane],
                            Dy[group * Shape.OutputLength + Shape.OutputOffset(output, pixel) + lane], part);
                sum += part;
            }
        return sum;
    }

    private readonly void ReferencePoints(int output, int input, Span<float> sums)
    {
        Span<float> patch = stackalloc float[16], v = stackalloc float[16], m = stackalloc float[16], part = stackalloc float[16];
        sums.Clear();
        int tiles = Shape.OutputPixels / 4;
        for (int group = 0; group < LaneGroups; group++)
            for (int panel = 0; panel < tiles; panel += DenseConvolution.Columns)
            {
                part.Clear();
                for (int tile = panel; tile < Math.Min(panel + DenseConvolution.Columns, tiles); tile++)
                    for (int lane = 0; lane < 16; lane++)
                    {
                        ReadOnlySpan<float> first = X[(group * Shape.InputLength + Shape.TileInputOffset(input, tile) + lane)..];
                        for (int i = 0; i < 16; i++) patch[i] = first[i / 4 * Shape.InputRow + i % 4 * 16];
                        WinogradReference.Input(patch, v);
                        first = Dy[(group * Shape.OutputLength + Shape.TileOutputOffset(output, tile) + lane)..];
                        for (int i = 0; i < 4; i++) patch[i] = first[i / 2 * Shape.OutputRow + i % 2 * 16];
                        WinogradReference.OutputGradient(patch[..4], m);
                        for (int point = 0; point < 16; point++) part[point] = MathF.FusedMultiplyAdd(v[point], m[point], part[point]);
                    }
                for (int point = 0; point < 16; point++) sums[point] += part[point];
            }
    }

    private static void Patches<TWide>(
        in ConvolutionShape shape, float* x, float* dy, int groups, int from, int to, float* gradient, float* work)
        where TWide : unmanaged, IWide<TWide>
    {
        int rows = DenseConvolution.PatchRows(shape), pixels = shape.OutputPixels, width = to - from;
        float* panel = work, factors = work + rows * DenseConvolution.Row;
        for (int row = 0; row < rows; row++) new Span<float>(gradient + row * shape.PaddedOutputs + from, width).Clear();
        for (int group = 0; group < groups; group++, x += shape.InputLength, dy += shape.OutputLength)
            for (int pixel = 0; pixel < pixels; pixel += DenseConvolution.Columns)
            {
                int count = Math.Min(DenseConvolution.Columns, pixels - pixel);
                ConvolutionPatches.Gather<TWide>(shape, x, pixel, count, panel);
                for (int column = 0; column < count; column++)
                    for (int block = from; block < to; block += 16)
                        ConvolutionPatches.ByLane<TWide>(
                            shape, dy + shape.OutputOffset(0, pixel + column), block, factors + column * 16 * width + block - from, width);
                ConvolutionProduct.Fast<TWide>(new()
                {
                    A = panel, AStep = 1, AStride = DenseConvolution.Row, M = factors, MStride = width,
                    Target = gradient + from, TargetStride = shape.PaddedOutputs,
                    Rows = rows, Inner = 16 * count, Vectors = width / 16, Add = true,
                });
            }
    }

    private static void Points<TWide>(
        in ConvolutionShape shape, float* x, float* dy, int groups, int from, int to, float* gradient, float* work)
        where TWide : unmanaged, IWide<TWide>
    {
        int width = to - from, squares = shape.OutputPixels / 4;
        nint panelPoint = DenseConvolution.PointStride(shape.Inputs), factorPoint = DenseConvolution.PointStride(width);
        nint sumPoint = (nint)shape.Inputs * width;
        float* panel = work, factors = panel + DenseConvolution.Points * panelPoint, sums = factors + DenseConvolution.Points * factorPoint;
        SquarePrefetch ofX = new(shape.InputRow, shape.InputChannel), ofDy = new(shape.OutputRow, shape.OutputChannel);
        new Span<float>(sums, DenseConvolution.Points * shape.Inputs * width).Clear();
        for (int group = 0; group < groups; group++, x += shape.InputLength, dy += shape.OutputLength)
            for (int square = 0; square < squares; square += DenseConvolution.Columns)
            {
                int count = Math.Min(DenseConvolution.Columns, squares - square);
                ConvolutionForward.PointPanel<TWide>(shape, x, square, count, panel);
                for (int column = 0; column < count; column++)
                    PointFactors<TWide>(
                        shape, dy + shape.TileOutputOffset(0, square + column), from, to, factors + column * 16 * width, factorPoint);
                ofX.OfInputs(shape, x, square + DenseConvolution.Columns);
                ofDy.OfOutputs(shape, dy, from, to, square + DenseConvolution.Columns);
                for (int point = 0; point < DenseConvolution.Points; point++)
                {
                    ofX.Next();
                    ofDy.Next();
                    ConvolutionProduct.Fast<TWide>(new()
                    {
                        A = panel + point * panelPoint, AStep = 1, AStride = DenseConvolution.Row,
                        M = factors + point * factorPoint, MStride = width,
                        Target = sums + point * sumPoint, TargetStride = width,
                        Rows = shape.Inputs, Inner = 16 * count, Vectors = width / 16, Add = true,
                    });
                }
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
            ConvolutionPatches.ByLane<TWide>(shape, dy, block, pixels, 16);
            ConvolutionPatches.ByLane<TWide>(shape, dy + 16, block, pixels + 256, 16);
            ConvolutionPatches.ByLane<TWide>(shape, dy + row, block, pixels + 512, 16);
            ConvolutionPatches.ByLane<TWide>(shape, dy + row + 16, block, pixels + 768, 16);
            for (int lane = 0; lane < 16; lane++)
                Winograd.OutputGradient<TWide>(pixels + lane * 16, 256, factors + lane * width, point);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gradients<TWide>(in ConvolutionShape shape, float* sums, nint point, int width, float* gradient)
        where TWide : unmanaged, IWide<TWide>
    {
        nint weightStride = shape.PaddedOutputs;
        for (int input = 0; input < shape.Inputs; input++, gradient += 9 * weightStride)
            for (int output = 0; output < width; output += 16, sums += 16)
                Winograd.FilterGradient<TWide>(sums, point, gradient + output, weightStride);
    }
}
