using System.Runtime.CompilerServices;
using Lottery.Kernels.Sparse;

namespace Lottery.Kernels.Prediction;

/// <summary>
/// y[channel][i] = bias + Σ weight[k] × x[offset[k] + i] over a target channel's kept weights, then max(0, ·) if a ReLU
/// follows: a convolution of a single image. Its rows of pixels, with the border between them, are one contiguous span of
/// lanes, and a kept weight multiplies a span of the source that begins at any offset.
/// </summary>
/// <remarks>
/// Order: as <see cref="OffsetSums"/> in a lane, bias (or +0) first, then one fused multiply-add a weight, weights
/// ascending by source channel, kernel row and kernel column.
/// </remarks>
internal unsafe ref struct SingleConvolutionForward : IKernel
{
    /// <summary>The kept weights.</summary>
    public required SingleConvolutionTable Table;

    /// <summary><see cref="SingleConvolutionTable.SourceLength"/> values.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[targets, span]</c>; the lanes between rows have no meaning.</summary>
    public required Span<float> Y;

    /// <summary>Whether a ReLU follows.</summary>
    public required bool Relu;

    /// <summary>The numbers of vectors of a span that may have their sums in registers at once.</summary>
    public static ReadOnlySpan<int> Widths => [1, 2, 4, 6, 8];

    public readonly void Check() => IKernel.Require(X.Length >= Table.SourceLength && Y.Length >= Table.Targets * Table.SpanLength);

    public readonly void Reference() => Reference(Table.Layout, Table.Weights, Table.Bias, X, Y, Relu);

    /// <summary>The same for a layout.</summary>
    public static void Reference(
        in SparseOffsetLayout layout, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> x, Span<float> y, bool relu)
    {
        for (int segment = 0; segment < layout.TileSegments[layout.Tiles]; segment++)
            for (int i = 0; i < layout.Columns; i++)
            {
                int channel = layout.SegmentTargets[segment];
                ref float target = ref y[channel * (int)layout.TargetChannel + i];
                float sum = segment >= layout.TileSegments[1] ? target : bias.IsEmpty ? 0 : bias[channel];
                for (int k = layout.SegmentStarts[segment]; k < layout.SegmentStarts[segment + 1]; k++)
                    sum = MathF.FusedMultiplyAdd(weights[k], x[layout.Offsets[k] + i], sum);
                target = segment < layout.TileSegments[layout.Tiles - 1] || !relu || sum > 0 ? sum : 0;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        SparseOffsetLayout layout = Table.Layout;
        int width = Table.Width;
        bool relu = Relu;
        fixed (float* weights = Table.Weights, bias = Table.Bias, source = X, target = Y)
            for (int i = 0; i < layout.Columns; i += 16 * width)
                switch (width)
                {
                    case 8: Eight<TWide>(layout, weights, bias, source + i, target + i, relu); break;
                    case 6: Six<TWide>(layout, weights, bias, source + i, target + i, relu); break;
                    case 4: Four<TWide>(layout, weights, bias, source + i, target + i, relu); break;
                    case 2: Two<TWide>(layout, weights, bias, source + i, target + i, relu); break;
                    default: One<TWide>(layout, weights, bias, source + i, target + i, relu); break;
                }
    }

    // The bodies are alike but for the number of sums: named locals stay in registers, an array of them would not.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<TWide>(in SparseOffsetLayout layout, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int* channels = layout.SegmentTargets, starts = layout.SegmentStarts, offsets = layout.Offsets;
        int segment = 0, k = 0;
        for (int tile = 0; tile < layout.Tiles; tile++)
        {
            bool first = tile == 0, last = relu && tile == layout.Tiles - 1;
            for (int to = layout.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = starts[segment + 1];
                float* y = target + channels[segment] * layout.TargetChannel;
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
                Store(y, a, last);
                Store(y + 16, b, last);
                Store(y + 32, c, last);
                Store(y + 48, d, last);
                Store(y + 64, e, last);
                Store(y + 80, f, last);
                Store(y + 96, g, last);
                Store(y + 112, h, last);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six<TWide>(in SparseOffsetLayout layout, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int* channels = layout.SegmentTargets, starts = layout.SegmentStarts, offsets = layout.Offsets;
        int segment = 0, k = 0;
        for (int tile = 0; tile < layout.Tiles; tile++)
        {
            bool first = tile == 0, last = relu && tile == layout.Tiles - 1;
            for (int to = layout.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = starts[segment + 1];
                float* y = target + channels[segment] * layout.TargetChannel;
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
                Store(y, a, last);
                Store(y + 16, b, last);
                Store(y + 32, c, last);
                Store(y + 48, d, last);
                Store(y + 64, e, last);
                Store(y + 80, f, last);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TWide>(in SparseOffsetLayout layout, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int* channels = layout.SegmentTargets, starts = layout.SegmentStarts, offsets = layout.Offsets;
        int segment = 0, k = 0;
        for (int tile = 0; tile < layout.Tiles; tile++)
        {
            bool first = tile == 0, last = relu && tile == layout.Tiles - 1;
            for (int to = layout.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = starts[segment + 1];
                float* y = target + channels[segment] * layout.TargetChannel;
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
                Store(y, a, last);
                Store(y + 16, b, last);
                Store(y + 32, c, last);
                Store(y + 48, d, last);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<TWide>(in SparseOffsetLayout layout, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int segment = 0, k = 0;
        for (int tile = 0; tile < layout.Tiles; tile++)
            for (int to = layout.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = layout.SegmentStarts[segment + 1], channel = layout.SegmentTargets[segment];
                float* y = target + channel * layout.TargetChannel;
                (TWide a, TWide b) = tile > 0 ? (TWide.Load(y), TWide.Load(y + 16)) : (Start<TWide>(bias, channel), Start<TWide>(bias, channel));
                for (; k < end; k++)
                {
                    TWide weight = TWide.Broadcast(weights[k]);
                    float* x = source + layout.Offsets[k];
                    a = TWide.MultiplyAdd(weight, x, a);
                    b = TWide.MultiplyAdd(weight, x + 16, b);
                }
                bool last = relu && tile == layout.Tiles - 1;
                Store(y, a, last);
                Store(y + 16, b, last);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TWide>(in SparseOffsetLayout layout, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        int segment = 0, k = 0;
        for (int tile = 0; tile < layout.Tiles; tile++)
            for (int to = layout.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = layout.SegmentStarts[segment + 1], channel = layout.SegmentTargets[segment];
                float* y = target + channel * layout.TargetChannel;
                TWide sum = tile > 0 ? TWide.Load(y) : Start<TWide>(bias, channel);
                for (; k < end; k++) sum = TWide.MultiplyAdd(TWide.Broadcast(weights[k]), source + layout.Offsets[k], sum);
                Store(y, sum, relu && tile == layout.Tiles - 1);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Start<TWide>(float* bias, int channel) where TWide : unmanaged, IWide<TWide> =>
        bias == null ? TWide.Zero : TWide.Broadcast(bias[channel]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWide>(float* y, TWide sum, bool last) where TWide : unmanaged, IWide<TWide> =>
        TWide.Store(y, last ? TWide.WhereGreater(sum, TWide.Zero, sum) : sum);
}
