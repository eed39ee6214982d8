using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// target[channel][i] = bias + Σ weight[k] × source[offset[k] + i] over a target channel's kept weights, then max(0, ·) if
/// asked: a convolution of one image. Its pixels, row after row with their border between, are one run of lanes, and a
/// kept weight multiplies a run of the source that begins anywhere.
/// </summary>
/// <remarks>
/// Order: as <see cref="KeptConvolve"/> in a lane, bias (or +0) first, then one fused multiply-add a weight, weights
/// ascending by source channel, kernel row and kernel column.
/// Shapes: of the stencil, tiles, segments and offsets; Columns, the lanes of a run, a multiple of 16 × width; and
/// TargetChannel. Source as far as offsets and lanes reach, target <c>[targets]</c> runs, bias <c>[targets]</c> or null.
/// What lanes between rows become has no meaning.
/// </remarks>
internal static unsafe class KeptRuns
{
    /// <summary>The vectors that may have their sums in registers at once.</summary>
    public static ReadOnlySpan<int> Widths => [1, 2, 4, 6, 8];

    public static void Reference(in KeptStencil stencil, float* weights, float* bias, float* source, float* target, bool relu)
    {
        for (int segment = 0; segment < stencil.TileSegments[stencil.Tiles]; segment++)
            for (int i = 0; i < stencil.Columns; i++)
            {
                int channel = stencil.SegmentTargets[segment];
                float* to = target + channel * stencil.TargetChannel + i;
                float sum = segment >= stencil.TileSegments[1] ? *to : bias == null ? 0 : bias[channel];
                for (int k = stencil.SegmentStarts[segment]; k < stencil.SegmentStarts[segment + 1]; k++)
                    sum = MathF.FusedMultiplyAdd(weights[k], source[stencil.Offsets[k] + i], sum);
                *to = segment < stencil.TileSegments[stencil.Tiles - 1] || !relu || sum > 0 ? sum : 0;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide, TCounter>(
        in KeptStencil stencil, int width, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        for (int i = 0; i < stencil.Columns; i += 16 * width)
        {
            TCounter.MultiplyAdds(16L * width * stencil.SegmentStarts[stencil.TileSegments[stencil.Tiles]]);
            switch (width)
            {
                case 8: Eight<TWide>(stencil, weights, bias, source + i, target + i, relu); break;
                case 6: Six<TWide>(stencil, weights, bias, source + i, target + i, relu); break;
                case 4: Four<TWide>(stencil, weights, bias, source + i, target + i, relu); break;
                case 2: Two<TWide>(stencil, weights, bias, source + i, target + i, relu); break;
                default: One<TWide>(stencil, weights, bias, source + i, target + i, relu); break;
            }
        }
    }

    // The bodies are alike but for the number of sums: named locals stay in registers, an array of them would not.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<TWide>(in KeptStencil stencil, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int* channels = stencil.SegmentTargets, starts = stencil.SegmentStarts, offsets = stencil.Offsets;
        int segment = 0, k = 0;
        for (int tile = 0; tile < stencil.Tiles; tile++)
        {
            bool first = tile == 0, rectify = relu && tile == stencil.Tiles - 1;
            for (int to = stencil.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = starts[segment + 1];
                float* y = target + channels[segment] * stencil.TargetChannel;
                TWide a, b, c, d, e, f, g, h;
                if (first)
                {
                    a = b = c = d = e = f = g = h = Start<TWide>(bias, channels[segment]);
                }
                else
                {
                    (a, b, c, d) = (TWide.Load(y), TWide.Load(y + 16), TWide.Load(y + 32), TWide.Load(y + 48));
                    (e, f, g, h) = (TWide.Load(y + 64), TWide.Load(y + 80), TWide.Load(y + 96), TWide.Load(y + 112));
                }
                for (; k < end; k++)
                {
                    TWide weight = TWide.Broadcast(weights[k]);
                    float* x = source + offsets[k];
                    a = TWide.MultiplyAdd(weight, x, a);
                    b = TWide.MultiplyAdd(weight, x + 16, b);
                    c = TWide.MultiplyAdd(weight, x + 32, c);
                    d = TWide.MultiplyAdd(weight, x + 48, d);
                    e = TWide.MultiplyAdd(weight, x + 64, e);
                    f = TWide.MultiplyAdd(weight, x + 80, f);
                    g = TWide.MultiplyAdd(weight, x + 96, g);
                    h = TWide.MultiplyAdd(weight, x + 112, h);
                }
                Store(y, a, rectify);
                Store(y + 16, b, rectify);
                Store(y + 32, c, rectify);
                Store(y + 48, d, rectify);
                Store(y + 64, e, rectify);
                Store(y + 80, f, rectify);
                Store(y + 96, g, rectify);
                Store(y + 112, h, rectify);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six<TWide>(in KeptStencil stencil, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int* channels = stencil.SegmentTargets, starts = stencil.SegmentStarts, offsets = stencil.Offsets;
        int segment = 0, k = 0;
        for (int tile = 0; tile < stencil.Tiles; tile++)
        {
            bool first = tile == 0, rectify = relu && tile == stencil.Tiles - 1;
            for (int to = stencil.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = starts[segment + 1];
                float* y = target + channels[segment] * stencil.TargetChannel;
                TWide a, b, c, d, e, f;
                if (first)
                {
                    a = b = c = d = e = f = Start<TWide>(bias, channels[segment]);
                }
                else
                {
                    (a, b, c) = (TWide.Load(y), TWide.Load(y + 16), TWide.Load(y + 32));
                    (d, e, f) = (TWide.Load(y + 48), TWide.Load(y + 64), TWide.Load(y + 80));
                }
                for (; k < end; k++)
                {
                    TWide weight = TWide.Broadcast(weights[k]);
                    float* x = source + offsets[k];
                    a = TWide.MultiplyAdd(weight, x, a);
                    b = TWide.MultiplyAdd(weight, x + 16, b);
                    c = TWide.MultiplyAdd(weight, x + 32, c);
                    d = TWide.MultiplyAdd(weight, x + 48, d);
                    e = TWide.MultiplyAdd(weight, x + 64, e);
                    f = TWide.MultiplyAdd(weight, x + 80, f);
                }
                Store(y, a, rectify);
                Store(y + 16, b, rectify);
                Store(y + 32, c, rectify);
                Store(y + 48, d, rectify);
                Store(y + 64, e, rectify);
                Store(y + 80, f, rectify);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TWide>(in KeptStencil stencil, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int* channels = stencil.SegmentTargets, starts = stencil.SegmentStarts, offsets = stencil.Offsets;
        int segment = 0, k = 0;
        for (int tile = 0; tile < stencil.Tiles; tile++)
        {
            bool first = tile == 0, rectify = relu && tile == stencil.Tiles - 1;
            for (int to = stencil.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = starts[segment + 1];
                float* y = target + channels[segment] * stencil.TargetChannel;
                TWide a, b, c, d;
                if (first) a = b = c = d = Start<TWide>(bias, channels[segment]);
                else (a, b, c, d) = (TWide.Load(y), TWide.Load(y + 16), TWide.Load(y + 32), TWide.Load(y + 48));
                for (; k < end; k++)
                {
                    TWide weight = TWide.Broadcast(weights[k]);
                    float* x = source + offsets[k];
                    a = TWide.MultiplyAdd(weight, x, a);
                    b = TWide.MultiplyAdd(weight, x + 16, b);
                    c = TWide.MultiplyAdd(weight, x + 32, c);
                    d = TWide.MultiplyAdd(weight, x + 48, d);
                }
                Store(y, a, rectify);
                Store(y + 16, b, rectify);
                Store(y + 32, c, rectify);
                Store(y + 48, d, rectify);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<TWide>(in KeptStencil stencil, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int segment = 0, k = 0;
        for (int tile = 0; tile < stencil.Tiles; tile++)
            for (int to = stencil.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = stencil.SegmentStarts[segment + 1], channel = stencil.SegmentTargets[segment];
                float* y = target + channel * stencil.TargetChannel;
                (TWide a, TWide b) = tile > 0 ? (TWide.Load(y), TWide.Load(y + 16)) : (Start<TWide>(bias, channel), Start<TWide>(bias, channel));
                for (; k < end; k++)
                {
                    TWide weight = TWide.Broadcast(weights[k]);
                    float* x = source + stencil.Offsets[k];
                    a = TWide.MultiplyAdd(weight, x, a);
                    b = TWide.MultiplyAdd(weight, x + 16, b);
                }
                bool rectify = relu && tile == stencil.Tiles - 1;
                Store(y, a, rectify);
                Store(y + 16, b, rectify);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TWide>(in KeptStencil stencil, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int segment = 0, k = 0;
        for (int tile = 0; tile < stencil.Tiles; tile++)
            for (int to = stencil.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = stencil.SegmentStarts[segment + 1], channel = stencil.SegmentTargets[segment];
                float* y = target + channel * stencil.TargetChannel;
                TWide sum = tile > 0 ? TWide.Load(y) : Start<TWide>(bias, channel);
                for (; k < end; k++) sum = TWide.MultiplyAdd(TWide.Broadcast(weights[k]), source + stencil.Offsets[k], sum);
                Store(y, sum, relu && tile == stencil.Tiles - 1);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Start<TWide>(float* bias, int channel) where TWide : unmanaged, IWide<TWide> =>
        bias == null ? TWide.Zero : TWide.Broadcast(bias[channel]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWide>(float* y, TWide sum, bool rectify) where TWide : unmanaged, IWide<TWide> =>
        TWide.Store(y, rectify ? TWide.WhereGreater(sum, TWide.Zero, sum) : sum);
}
