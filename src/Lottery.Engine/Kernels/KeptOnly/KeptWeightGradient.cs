using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Kernels;

/// <summary>gradient[k] (+)= Σ dy[row(k)][lane] × x[input(k)][lane] over lanes, for every kept weight of one tile.</summary>
/// <remarks>
/// Order: sixteen partial sums (lane mod 16) from +0, one fused multiply-add each sixteen lanes, lanes ascending; then
/// <see cref="IWide{T}.Sum"/>'s tree. With <c>add</c>, the result is added to what is there.
/// Shapes: x <c>[inputs, lanes]</c>, dy <c>[rows, lanes]</c>, gradient <c>[weights of the tile]</c>; lanes a multiple of 16.
/// </remarks>
internal static unsafe class KeptWeightGradient
{
    public static void Reference(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add)
    {
        int start = layout.SegmentStarts[layout.TileSegments[tile]];
        for (int segment = layout.TileSegments[tile]; segment < layout.TileSegments[tile + 1]; segment++)
        {
            float* row = dy + layout.SegmentRows[segment] * lanes;
            for (int k = layout.SegmentStarts[segment]; k < layout.SegmentStarts[segment + 1]; k++)
            {
                float sum = LaneSum.Reference(row, x + layout.Inputs[k] * lanes, lanes);
                gradient[k - start] = add ? gradient[k - start] + sum : sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide, TCounter>(
        in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        if (lanes == 64 && !add) Four<TWide, TCounter>(layout, tile, x, dy, gradient);
        else Any<TWide, TCounter>(layout, tile, x, dy, gradient, lanes, add);
    }

    /// <summary>64 lanes: the row's dy stays in registers, four weights share one reduction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TWide, TCounter>(in KeptLayout layout, int tile, float* x, float* dy, float* gradient)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int* rows = layout.SegmentRows, starts = layout.SegmentStarts, inputs = layout.Inputs;
        int from = layout.TileSegments[tile], to = layout.TileSegments[tile + 1];
        int k = starts[from];
        gradient -= k;
        for (int segment = from; segment < to; segment++)
        {
            int end = starts[segment + 1];
            if (k == end) continue;
            float* row = dy + (nint)rows[segment] * 64;
            TWide a = TWide.Load(row), b = TWide.Load(row + 16), c = TWide.Load(row + 32), d = TWide.Load(row + 48);
            TCounter.MultiplyAdds((end - k) * 64);
            for (; k + 4 <= end; k += 4)
                TWide.Sum(Product(a, b, c, d, x + (nint)inputs[k] * 64),
                          Product(a, b, c, d, x + (nint)inputs[k + 1] * 64),
                          Product(a, b, c, d, x + (nint)inputs[k + 2] * 64),
                          Product(a, b, c, d, x + (nint)inputs[k + 3] * 64)).Store(gradient + k);
            Vector128<float> sums = (end - k) switch
            {
                1 => TWide.Sum(Product(a, b, c, d, x + (nint)inputs[k] * 64), TWide.Zero, TWide.Zero, TWide.Zero),
                2 => TWide.Sum(Product(a, b, c, d, x + (nint)inputs[k] * 64),
                               Product(a, b, c, d, x + (nint)inputs[k + 1] * 64), TWide.Zero, TWide.Zero),
                3 => TWide.Sum(Product(a, b, c, d, x + (nint)inputs[k] * 64),
                               Product(a, b, c, d, x + (nint)inputs[k + 1] * 64),
                               Product(a, b, c, d, x + (nint)inputs[k + 2] * 64), TWide.Zero),
                _ => Vector128<float>.Zero,
            };
            for (int i = 0; k + i < end; i++) gradient[k + i] = sums[i];
            k = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Product<TWide>(TWide a, TWide b, TWide c, TWide d, float* x) where TWide : unmanaged, IWide<TWide>
    {
        TWide sum = TWide.MultiplyAdd(a, x, TWide.Zero);
        sum = TWide.MultiplyAdd(b, x + 16, sum);
        sum = TWide.MultiplyAdd(c, x + 32, sum);
        return TWide.MultiplyAdd(d, x + 48, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Any<TWide, TCounter>(
        in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int start = layout.SegmentStarts[layout.TileSegments[tile]];
        for (int segment = layout.TileSegments[tile]; segment < layout.TileSegments[tile + 1]; segment++)
        {
            float* row = dy + (nint)layout.SegmentRows[segment] * lanes;
            for (int k = layout.SegmentStarts[segment]; k < layout.SegmentStarts[segment + 1]; k++)
            {
                TCounter.MultiplyAdds(lanes);
                float sum = LaneSum.Fast<TWide>(row, x + (nint)layout.Inputs[k] * lanes, lanes);
                gradient[k - start] = add ? gradient[k - start] + sum : sum;
            }
        }
    }
}
