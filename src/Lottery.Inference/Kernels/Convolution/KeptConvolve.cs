using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Lottery.Kernels;

/// <summary>
/// target[pixel] = bias + Σ weight[k] × source[pixel + offset[k]] over a target channel's kept weights; then max(0, ·) if
/// asked, or 0 where gate ≤ 0. The forward convolution and, over the tables by input, the gradient at its input.
/// </summary>
/// <remarks>
/// Order: in every lane of every pixel, bias (or +0) first, then one fused multiply-add a weight, weights ascending by
/// source channel, kernel row and kernel column.
/// Shapes: one tile of 16 pictures; source and target as in <see cref="ConvolutionShape"/>, gate as target, weights
/// <c>[kept]</c>, bias <c>[targets]</c> or null. What lies around the grid is not written.
/// </remarks>
internal static unsafe class KeptConvolve
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
    /// Blocks of target pixels have their sums in registers while the kept weights pass; between tiles the sums rest in
    /// the target. The bodies are alike but for the number of sums: named locals stay in registers, an array would not.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide, TCounter>(
        in KeptStencil stencil, float* weights, float* bias, float* source, float* gate, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        var pass = new KeptPass { Stencil = stencil, Weights = weights, Bias = bias, Relu = relu };
        int row = 0;
        for (; row + 2 <= stencil.Rows; row += 2)
        {
            int column = 0;
            for (; column + 4 <= stencil.Columns; column += 4)
            {
                pass.MoveTo(source, gate, target, row, column);
                pass.Ahead = column + 8 <= stencil.Columns ? 4 * stencil.TargetColumn : 2 * stencil.TargetRow - column * stencil.TargetColumn;
                if (stencil.SourceColumn == 16) EightSums<TWide, TCounter, Sixteen>(pass);
                else EightSums<TWide, TCounter, AnyStep>(pass);
            }
            for (; column < stencil.Columns; column++)
                for (int i = 0; i < 2; i++)
                {
                    pass.MoveTo(source, gate, target, row + i, column);
                    OneSum<TWide, TCounter>(pass);
                }
        }
        for (; row < stencil.Rows; row++)
            for (int column = 0; column < stencil.Columns; column++)
            {
                pass.MoveTo(source, gate, target, row, column);
                OneSum<TWide, TCounter>(pass);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightSums<TWide, TCounter, TStep>(in KeptPass pass)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
        where TStep : struct, IStep
    {
        KeptStencil stencil = pass.Stencil;
        int* channels = stencil.SegmentTargets, starts = stencil.SegmentStarts, offsets = stencil.Offsets;
        float* weights = pass.Weights, bias = pass.Bias, source = pass.Source;
        nint step = TStep.Of(stencil.SourceColumn), below = stencil.SourceRow;
        nint next = stencil.TargetColumn, down = stencil.TargetRow;
        int segment = 0, k = 0;
        for (int tile = 0; tile < stencil.Tiles; tile++)
        {
            bool first = tile == 0, last = tile == stencil.Tiles - 1;
            for (int to = stencil.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = starts[segment + 1];
                int channel = channels[segment];
                float* y = pass.Target + channel * stencil.TargetChannel, z = y + down;
                TWide a, b, c, d, e, f, g, h;
                if (first)
                {
                    a = bias == null ? TWide.Zero : TWide.Broadcast(bias[channel]);
                    b = c = d = e = f = g = h = a;
                }
                else
                {
                    (a, b, c, d) = (TWide.Load(y), TWide.Load(y + next), TWide.Load(y + 2 * next), TWide.Load(y + 3 * next));
                    (e, f, g, h) = (TWide.Load(z), TWide.Load(z + next), TWide.Load(z + 2 * next), TWide.Load(z + 3 * next));
                }
                if (first) Ahead(y + pass.Ahead, next, down);
                if (last && pass.Gate != null) Ahead(pass.Gate + channel * stencil.TargetChannel + pass.Ahead, next, down);
                TCounter.MultiplyAdds((end - k) * 8 * 16);
                for (; k < end; k++)
                {
                    TWide weight = TWide.Broadcast(weights[k]);
                    float* x = source + offsets[k];
                    a = TWide.MultiplyAdd(weight, x, a);
                    b = TWide.MultiplyAdd(weight, x + step, b);
                    c = TWide.MultiplyAdd(weight, x + 2 * step, c);
                    d = TWide.MultiplyAdd(weight, x + 3 * step, d);
                    x += below;
                    e = TWide.MultiplyAdd(weight, x, e);
                    f = TWide.MultiplyAdd(weight, x + step, f);
                    g = TWide.MultiplyAdd(weight, x + 2 * step, g);
                    h = TWide.MultiplyAdd(weight, x + 3 * step, h);
                }
                if (last && pass.Relu)
                {
                    (a, b, c, d) = (Rectified(a), Rectified(b), Rectified(c), Rectified(d));
                    (e, f, g, h) = (Rectified(e), Rectified(f), Rectified(g), Rectified(h));
                }
                if (last && pass.Gate != null)
                {
                    float* open = pass.Gate + channel * stencil.TargetChannel;
                    (a, b, c, d) = (Gated(open, a), Gated(open + next, b), Gated(open + 2 * next, c), Gated(open + 3 * next, d));
                    open += down;
                    (e, f, g, h) = (Gated(open, e), Gated(open + next, f), Gated(open + 2 * next, g), Gated(open + 3 * next, h));
                }
                TWide.Store(y, a);
                TWide.Store(y + next, b);
                TWide.Store(y + 2 * next, c);
                TWide.Store(y + 3 * next, d);
                TWide.Store(z, e);
                TWide.Store(z + next, f);
                TWide.Store(z + 2 * next, g);
                TWide.Store(z + 3 * next, h);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneSum<TWide, TCounter>(in KeptPass pass)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        KeptStencil stencil = pass.Stencil;
        int segment = 0, k = 0;
        for (int tile = 0; tile < stencil.Tiles; tile++)
            for (; segment < stencil.TileSegments[tile + 1]; segment++)
            {
                int end = stencil.SegmentStarts[segment + 1], channel = stencil.SegmentTargets[segment];
                float* y = pass.Target + channel * stencil.TargetChannel;
                TWide sum = tile > 0 ? TWide.Load(y) : pass.Bias == null ? TWide.Zero : TWide.Broadcast(pass.Bias[channel]);
                TCounter.MultiplyAdds((end - k) * 16);
                for (; k < end; k++)
                    sum = TWide.MultiplyAdd(TWide.Broadcast(pass.Weights[k]), TWide.Load(pass.Source + stencil.Offsets[k]), sum);
                if (tile == stencil.Tiles - 1 && pass.Relu) sum = Rectified(sum);
                if (tile == stencil.Tiles - 1 && pass.Gate != null) sum = Gated(pass.Gate + channel * stencil.TargetChannel, sum);
                TWide.Store(y, sum);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ahead(float* y, nint next, nint down)
    {
        Sse.Prefetch1(y);
        Sse.Prefetch1(y + next);
        Sse.Prefetch1(y + 2 * next);
        Sse.Prefetch1(y + 3 * next);
        y += down;
        Sse.Prefetch1(y);
        Sse.Prefetch1(y + next);
        Sse.Prefetch1(y + 2 * next);
        Sse.Prefetch1(y + 3 * next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Rectified<TWide>(TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(value, TWide.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Gated<TWide>(float* gate, TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(TWide.Load(gate), TWide.Zero, value);
}
