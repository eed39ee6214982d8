using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// y[row][lane] = bias[row] + Σ weight[k] × x[input(k)][lane] over the row's kept inputs, then max(0, ·) if asked.
/// </summary>
/// <remarks>
/// Order: in every lane, bias first, then one fused multiply-add an input, inputs ascending.
/// Shapes: x <c>[inputs, lanes]</c>, y <c>[rows, lanes]</c>, weights <c>[kept]</c>, bias <c>[rows]</c>; lanes a multiple of 16.
/// </remarks>
internal static unsafe class KeptForward
{
    public static void Reference(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu)
    {
        for (int row = 0; row < layout.Rows; row++)
            for (int lane = 0; lane < lanes; lane++) y[row * lanes + lane] = bias[row];
        for (int segment = 0; segment < layout.TileSegments[layout.Tiles]; segment++)
        {
            int row = layout.SegmentRows[segment];
            for (int k = layout.SegmentStarts[segment]; k < layout.SegmentStarts[segment + 1]; k++)
                for (int lane = 0; lane < lanes; lane++)
                    y[row * lanes + lane] = MathF.FusedMultiplyAdd(
                        weights[k], x[layout.Inputs[k] * lanes + lane], y[row * lanes + lane]);
        }
        for (int i = 0; relu && i < layout.Rows * lanes; i++) y[i] = y[i] > 0 ? y[i] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide, TCounter>(
        in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        for (int tile = 0; tile < layout.Tiles; tile++)
        {
            bool first = tile == 0, rectify = relu && tile == layout.Tiles - 1;
            int from = layout.TileSegments[tile], to = layout.TileSegments[tile + 1];
            int block = 0;
            for (; block + 64 <= lanes; block += 64)
                Four<TWide, TCounter>(layout, from, to, weights, bias, x + block, y + block, lanes, first, rectify);
            for (; block < lanes; block += 16)
                One<TWide, TCounter>(layout, from, to, weights, bias, x + block, y + block, lanes, first, rectify);
        }
    }

    /// <summary>64 lanes: four sums in registers, one broadcast weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TWide, TCounter>(
        in KeptLayout layout, int from, int to, float* weights, float* bias, float* x, float* y, nint lanes,
        bool first, bool rectify)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int* rows = layout.SegmentRows, starts = layout.SegmentStarts, inputs = layout.Inputs;
        int k = starts[from];
        for (int segment = from; segment < to; segment++)
        {
            int row = rows[segment], end = starts[segment + 1];
            float* target = y + row * lanes;
            TWide a, b, c, d;
            if (first)
            {
                a = b = c = d = TWide.Broadcast(bias[row]);
            }
            else
            {
                a = TWide.Load(target);
                b = TWide.Load(target + 16);
                c = TWide.Load(target + 32);
                d = TWide.Load(target + 48);
            }
            TCounter.MultiplyAdds((end - k) * 64);
            for (; k < end; k++)
            {
                TWide weight = TWide.Broadcast(weights[k]);
                float* source = x + inputs[k] * lanes;
                a = TWide.MultiplyAdd(weight, TWide.Load(source), a);
                b = TWide.MultiplyAdd(weight, TWide.Load(source + 16), b);
                c = TWide.MultiplyAdd(weight, TWide.Load(source + 32), c);
                d = TWide.MultiplyAdd(weight, TWide.Load(source + 48), d);
            }
            if (rectify)
            {
                a = TWide.WhereGreater(a, TWide.Zero, a);
                b = TWide.WhereGreater(b, TWide.Zero, b);
                c = TWide.WhereGreater(c, TWide.Zero, c);
                d = TWide.WhereGreater(d, TWide.Zero, d);
            }
            TWide.Store(target, a);
            TWide.Store(target + 16, b);
            TWide.Store(target + 32, c);
            TWide.Store(target + 48, d);
        }
    }

    /// <summary>16 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TWide, TCounter>(
        in KeptLayout layout, int from, int to, float* weights, float* bias, float* x, float* y, nint lanes,
        bool first, bool rectify)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int* rows = layout.SegmentRows, starts = layout.SegmentStarts, inputs = layout.Inputs;
        int k = starts[from];
        for (int segment = from; segment < to; segment++)
        {
            int row = rows[segment], end = starts[segment + 1];
            float* target = y + row * lanes;
            TWide sum = first ? TWide.Broadcast(bias[row]) : TWide.Load(target);
            TCounter.MultiplyAdds((end - k) * 16);
            for (; k < end; k++)
                sum = TWide.MultiplyAdd(TWide.Broadcast(weights[k]), TWide.Load(x + inputs[k] * lanes), sum);
            TWide.Store(target, rectify ? TWide.WhereGreater(sum, TWide.Zero, sum) : sum);
        }
    }
}
