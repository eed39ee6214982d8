using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// target[pixel] = bias + Σ weight[k] × source[pixel + offset[k]] over a target channel's kept weights; then max(0, ·) if
/// asked, or 0 where gate ≤ 0. The forward convolution and, over the tables by input, the gradient at its input.
/// </summary>
/// <remarks>
/// Order: in every lane of every pixel, bias (or +0) first, then one fused multiply-add a weight, weights ascending by
/// source channel, kernel row and kernel column.
/// Shapes: one tile of 16 images; source and target as in <see cref="ConvolutionShape"/>, gate as target, weights
/// <c>[kept]</c>, bias <c>[targets]</c> or null. What lies around the grid is not written.
/// </remarks>
internal static unsafe partial class KeptConvolve
{
    public static void Reference(
        in KeptStencil stencil, float* weights, float* bias, float* source, float* gate, float* target, bool relu)
    {
        for (int segment = 0; segment < stencil.TileSegments[stencil.Tiles]; segment++)
        {
            int channel = stencil.SegmentTargets[segment];
            for (int row = 0; row < stencil.Rows; row++)
                for (int column = 0; column < stencil.Columns; column++)
                    for (int lane = 0; lane < ConvolutionShape.Lanes; lane++)
                    {
                        nint from = stencil.SourceStart + row * stencil.SourceRow + column * stencil.SourceColumn + lane;
                        nint to = stencil.TargetStart + channel * stencil.TargetChannel + row * stencil.TargetRow
                            + column * stencil.TargetColumn + lane;
                        float sum = segment >= stencil.TileSegments[1] ? target[to] : bias == null ? 0 : bias[channel];
                        for (int k = stencil.SegmentStarts[segment]; k < stencil.SegmentStarts[segment + 1]; k++)
                            sum = MathF.FusedMultiplyAdd(weights[k], source[from + stencil.Offsets[k]], sum);
                        if (segment >= stencil.TileSegments[stencil.Tiles - 1])
                            sum = (!relu || sum > 0) && (gate == null || gate[to] > 0) ? sum : 0;
                        target[to] = sum;
                    }
        }
    }

    /// <summary>
    /// Blocks of target pixels have their sums in registers while the kept weights pass; between tiles of source channels
    /// the sums rest in the target.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide, TCounter>(
        in KeptStencil stencil, float* weights, float* bias, float* source, float* gate, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        var pass = new KeptPass { Stencil = stencil, Weights = weights, Bias = bias, Relu = relu };
        int height, width;
        for (int row = 0; row < stencil.Rows; row += height)
        {
            height = row + 2 <= stencil.Rows ? 2 : 1;
            for (int column = 0; column < stencil.Columns; column += width)
            {
                int left = stencil.Columns - column;
                width = height == 1 || left == 1 ? 1 : left < 4 ? 2 : 4;
                for (int i = 0; i < (width == 1 ? height : 1); i++)
                {
                    pass.MoveTo(source, gate, target, row + i, column, width);
                    Sums<TWide, TCounter>(pass, width);
                }
            }
        }
    }

    /// <summary>One block: two rows of four or of two pixels, or one pixel.</summary>
    public static void Sums<TWide, TCounter>(in KeptPass pass, int width)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        if (width == 1) OneSum<TWide, TCounter>(pass);
        else if (width == 2) FourSums<TWide, TCounter>(pass);
        else if (pass.Stencil.SourceColumn == ConvolutionShape.Lanes) EightSums<TWide, TCounter, Neighbours>(pass);
        else EightSums<TWide, TCounter, Apart>(pass);
    }
}
