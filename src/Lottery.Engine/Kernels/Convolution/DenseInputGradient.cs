namespace Lottery.Kernels;

/// <summary>dx = Wᵀ ∗ dy, one tile of sixteen images; +0 where the gate is not open.</summary>
/// <remarks>
/// Order of each value in each lane. By Winograd: as <see cref="DenseForward"/>, with the kernel turned and output
/// channels summed. By patches: dx begins at +0; for every output pixel (rows, then columns, ascending) that the value
/// lies under, a sum from +0, one fused multiply-add an output channel, ascending, is added.
/// Shapes: dy <c>[outputs][row + border][column + border][16]</c>, dx and gate the same with inputs; borders of dx are
/// zero before and after.
/// </remarks>
internal static unsafe class DenseInputGradient
{
    public static void Reference(in ConvolutionShape shape, float* packed, float* dy, float* gate, float* dx)
    {
        if (DenseConvolution.ByWinograd(shape))
            DenseForward.ReferencePoints(shape.Turned(), packed, null, gate, dy, dx, false);
        else ReferencePatches(shape, packed, dy, gate, dx);
    }

    private static void ReferencePatches(in ConvolutionShape shape, float* packed, float* dy, float* gate, float* dx)
    {
        new Span<float>(dx, shape.InputLength).Clear();
        for (int pixel = 0; pixel < shape.OutputPixels; pixel++)
            for (int row = 0; row < DenseConvolution.PatchRows(shape); row++)
                for (int lane = 0; shape.IsInside(row, pixel) && lane < 16; lane++)
                {
                    float sum = 0;
                    for (int output = 0; output < shape.Outputs; output++)
                        sum = MathF.FusedMultiplyAdd(
                            packed[(row / 16 * shape.Outputs + output) * 16 + row % 16],
                            dy[shape.OutputPlace(output, pixel) + lane], sum);
                    dx[shape.PatchPlace(row, pixel) + lane] += sum;
                }
        for (int i = 0; gate != null && i < shape.InputLength; i++)
            if (!(gate[i] > 0)) dx[i] = 0;
    }

    public static void Fast<TWide, TCounter>(
        in ConvolutionShape shape, float* packed, float* dy, float* gate, float* dx, float* work)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        if (DenseConvolution.ByWinograd(shape))
            DenseForward.Points<TWide, TCounter>(shape.Turned(), packed, null, gate, dy, dx, work, false);
        else Patches<TWide, TCounter>(shape, packed, dy, gate, dx, work);
    }

    private static void Patches<TWide, TCounter>(
        in ConvolutionShape shape, float* packed, float* dy, float* gate, float* dx, float* work)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int rows = DenseConvolution.PatchRows(shape), pixels = shape.OutputPixels;
        float* panel = work, results = work + shape.Outputs * DenseConvolution.Row;
        new Span<float>(dx, shape.InputLength).Clear();
        for (int pixel = 0; pixel < pixels; pixel += DenseConvolution.Columns)
        {
            int count = Math.Min(DenseConvolution.Columns, pixels - pixel);
            DensePatches.Pixels<TWide>(shape, dy, pixel, count, panel);
            for (int block = 0; block < rows; block += 16)
                DenseProduct.Fast<TWide, TCounter>(new()
                {
                    A = packed + (nint)block * shape.Outputs, AStep = 16, AStride = 1, M = panel, MStride = DenseConvolution.Row,
                    Target = results + block * DenseConvolution.Row, TargetStride = DenseConvolution.Row,
                    Rows = Math.Min(16, rows - block), Inner = shape.Outputs, Vectors = count,
                });
            DensePatches.Scatter<TWide>(shape, results, pixel, count, dx);
        }
        DensePatches.Close<TWide>(shape, gate, dx);
    }
}
