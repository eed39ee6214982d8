using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// The sums of one block of pixels, for all target channels. The bodies are alike but for the number of sums: named locals
/// stay in registers, an array of them would not.
/// </summary>
internal static unsafe partial class KeptConvolve
{
    /// <summary>Two rows of four pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightSums<TWide, TCounter, TStep>(in KeptPass pass)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
        where TStep : struct, IPixelStep
    {
        KeptStencil stencil = pass.Stencil;
        int* channels = stencil.SegmentTargets, starts = stencil.SegmentStarts, offsets = stencil.Offsets;
        float* weights = pass.Weights, bias = pass.Bias, source = pass.Source;
        nint step = TStep.Of(stencil.SourceColumn), below = stencil.SourceRow;
        nint next = stencil.TargetColumn, down = stencil.TargetRow, ahead = pass.Ahead;
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
                if (first && ahead != 0) Fetch(y + ahead, next, down);
                if (last && ahead != 0 && pass.Gate != null) Fetch(pass.Gate + channel * stencil.TargetChannel + ahead, next, down);
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

    /// <summary>Two rows of two pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourSums<TWide, TCounter>(in KeptPass pass)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        KeptStencil stencil = pass.Stencil;
        int* channels = stencil.SegmentTargets, starts = stencil.SegmentStarts, offsets = stencil.Offsets;
        float* weights = pass.Weights, bias = pass.Bias, source = pass.Source;
        nint step = stencil.SourceColumn, below = stencil.SourceRow, next = stencil.TargetColumn, down = stencil.TargetRow;
        int segment = 0, k = 0;
        for (int tile = 0; tile < stencil.Tiles; tile++)
        {
            bool first = tile == 0, last = tile == stencil.Tiles - 1;
            for (int to = stencil.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = starts[segment + 1], channel = channels[segment];
                float* y = pass.Target + channel * stencil.TargetChannel, z = y + down;
                TWide a, b, c, d;
                if (first) a = b = c = d = bias == null ? TWide.Zero : TWide.Broadcast(bias[channel]);
                else (a, b, c, d) = (TWide.Load(y), TWide.Load(y + next), TWide.Load(z), TWide.Load(z + next));
                TCounter.MultiplyAdds((end - k) * 4 * 16);
                for (; k < end; k++)
                {
                    TWide weight = TWide.Broadcast(weights[k]);
                    float* x = source + offsets[k];
                    a = TWide.MultiplyAdd(weight, x, a);
                    b = TWide.MultiplyAdd(weight, x + step, b);
                    c = TWide.MultiplyAdd(weight, x + below, c);
                    d = TWide.MultiplyAdd(weight, x + below + step, d);
                }
                if (last && pass.Relu) (a, b, c, d) = (Rectified(a), Rectified(b), Rectified(c), Rectified(d));
                if (last && pass.Gate != null)
                {
                    float* open = pass.Gate + channel * stencil.TargetChannel;
                    (a, b, c, d) = (Gated(open, a), Gated(open + next, b), Gated(open + down, c), Gated(open + down + next, d));
                }
                TWide.Store(y, a);
                TWide.Store(y + next, b);
                TWide.Store(z, c);
                TWide.Store(z + next, d);
            }
        }
    }

    /// <summary>One pixel.</summary>
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
                    sum = TWide.MultiplyAdd(TWide.Broadcast(pass.Weights[k]), pass.Source + stencil.Offsets[k], sum);
                if (tile == stencil.Tiles - 1 && pass.Relu) sum = Rectified(sum);
                if (tile == stencil.Tiles - 1 && pass.Gate != null) sum = Gated(pass.Gate + channel * stencil.TargetChannel, sum);
                TWide.Store(y, sum);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* block, nint next, nint down)
    {
        FetchAhead.Four(block, next);
        FetchAhead.Four(block + down, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Rectified<TWide>(TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(value, TWide.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Gated<TWide>(float* gate, TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(TWide.Load(gate), TWide.Zero, value);
}
