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
                    case 8: Block<TWide, EightVectors>(layout, weights, bias, source + i, target + i, relu); break;
                    case 6: Block<TWide, SixVectors>(layout, weights, bias, source + i, target + i, relu); break;
                    case 4: Block<TWide, FourVectors>(layout, weights, bias, source + i, target + i, relu); break;
                    case 2: Block<TWide, TwoVectors>(layout, weights, bias, source + i, target + i, relu); break;
                    default: Block<TWide, OneVector>(layout, weights, bias, source + i, target + i, relu); break;
                }
    }

    /// <summary>1, 2, 4, 6 or 8 vectors of every target channel's span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TWide, TVectors>(
        in SparseOffsetLayout layout, float* weights, float* bias, float* source, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
        where TVectors : struct, IVectorCount
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
                    a = b = c = d = e = f = g = h = TWide.Load(y);
                    if (TVectors.Count >= 2) b = TWide.Load(y + 16);
                    if (TVectors.Count >= 4) (c, d) = (TWide.Load(y + 32), TWide.Load(y + 48));
                    if (TVectors.Count >= 6) (e, f) = (TWide.Load(y + 64), TWide.Load(y + 80));
                    if (TVectors.Count >= 8) (g, h) = (TWide.Load(y + 96), TWide.Load(y + 112));
                }
                for (; k < end; k++)
                {
                    TWide weight = TWide.Broadcast(weights[k]);
                    float* x = source + offsets[k];
                    a = TWide.MultiplyAdd(weight, x, a);
                    if (TVectors.Count >= 2) b = TWide.MultiplyAdd(weight, x + 16, b);
                    if (TVectors.Count >= 4) c = TWide.MultiplyAdd(weight, x + 32, c);
                    if (TVectors.Count >= 4) d = TWide.MultiplyAdd(weight, x + 48, d);
                    if (TVectors.Count >= 6) e = TWide.MultiplyAdd(weight, x + 64, e);
                    if (TVectors.Count >= 6) f = TWide.MultiplyAdd(weight, x + 80, f);
                    if (TVectors.Count >= 8) g = TWide.MultiplyAdd(weight, x + 96, g);
                    if (TVectors.Count >= 8) h = TWide.MultiplyAdd(weight, x + 112, h);
                }
                Store(y, a, last);
                if (TVectors.Count >= 2) Store(y + 16, b, last);
                if (TVectors.Count >= 4) Store(y + 32, c, last);
                if (TVectors.Count >= 4) Store(y + 48, d, last);
                if (TVectors.Count >= 6) Store(y + 64, e, last);
                if (TVectors.Count >= 6) Store(y + 80, f, last);
                if (TVectors.Count >= 8) Store(y + 96, g, last);
                if (TVectors.Count >= 8) Store(y + 112, h, last);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Start<TWide>(float* bias, int channel) where TWide : unmanaged, IWide<TWide> =>
        bias == null ? TWide.Zero : TWide.Broadcast(bias[channel]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWide>(float* y, TWide sum, bool relu) where TWide : unmanaged, IWide<TWide> =>
        TWide.Store(y, relu ? TWide.WhereGreater(sum, TWide.Zero, sum) : sum);
}
