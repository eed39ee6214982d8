using System.Runtime.CompilerServices;
using Lottery.Kernels.Convolution;

namespace Lottery.Kernels.Sparse;

/// <summary>
/// target[pixel] = bias + Σ weight[k] × source[pixel + offset[k]] over a target channel's kept weights; then max(0, ·) if a
/// ReLU follows, or 0 where the ReLU mask is ≤ 0. It is the forward sparse convolution and, with the offsets by input, the
/// gradient at its input.
/// </summary>
/// <remarks>
/// Order: in every lane of every pixel, bias (or +0) first, then one fused multiply-add a weight, weights ascending by
/// source channel, kernel row and kernel column.
/// Shapes: one lane group; source and target as in <see cref="ConvolutionShape"/>, mask as target, weights <c>[kept]</c>,
/// bias <c>[targets]</c> or empty. Values around the grid are not written.
/// </remarks>
internal static unsafe class OffsetSums
{
    public static void Reference(
        in SparseOffsetLayout layout, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> source,
        ReadOnlySpan<float> mask, Span<float> target, bool relu)
    {
        for (int segment = 0; segment < layout.TileSegments[layout.Tiles]; segment++)
        {
            int channel = layout.SegmentTargets[segment];
            for (int row = 0; row < layout.Rows; row++)
                for (int column = 0; column < layout.Columns; column++)
                    for (int lane = 0; lane < ConvolutionShape.Lanes; lane++)
                    {
                        int from = (int)(layout.SourceStart + row * layout.SourceRow + column * layout.SourceColumn) + lane;
                        int to = (int)(layout.TargetStart + channel * layout.TargetChannel + row * layout.TargetRow
                            + column * layout.TargetColumn) + lane;
                        float sum = segment >= layout.TileSegments[1] ? target[to] : bias.IsEmpty ? 0 : bias[channel];
                        for (int k = layout.SegmentStarts[segment]; k < layout.SegmentStarts[segment + 1]; k++)
                            sum = MathF.FusedMultiplyAdd(weights[k], source[from + layout.Offsets[k]], sum);
                        if (segment >= layout.TileSegments[layout.Tiles - 1])
                            sum = (!relu || sum > 0) && (mask.IsEmpty || mask[to] > 0) ? sum : 0;
                        target[to] = sum;
                    }
        }
    }

    /// <summary>
    /// A block of target pixels keeps its sums in registers over the kept weights of a tile; between tiles of source channels
    /// the sums are stored in the target.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(
        in SparseOffsetLayout layout, float* weights, float* bias, float* source, float* mask, float* target, bool relu)
        where TWide : unmanaged, IWide<TWide>
    {
        var pass = new OffsetBlock { Layout = layout, Weights = weights, Bias = bias, Relu = relu };
        int height, width;
        for (int row = 0; row < layout.Rows; row += height)
        {
            height = row + 2 <= layout.Rows ? 2 : 1;
            for (int column = 0; column < layout.Columns; column += width)
            {
                int left = layout.Columns - column;
                width = height == 1 || left == 1 ? 1 : left < 4 ? 2 : 4;
                for (int i = 0; i < (width == 1 ? height : 1); i++)
                {
                    pass.MoveTo(source, mask, target, row + i, column, width);
                    if (width == 4) PrefetchSources(layout, pass.Source, column);
                    Sums<TWide>(pass, width);
                }
            }
        }
    }

    /// <summary>The pixels of every source channel that the next block is the first to read.</summary>
    private static void PrefetchSources(in SparseOffsetLayout layout, float* source, int column)
    {
        nint channel = layout.SourceChannel, row = layout.SourceRow;
        if (layout.SourceAhead == 0 || layout.Sources * channel < Prefetch.Worthwhile) return;
        source += layout.SourceAhead + (column + 8 <= layout.Columns ? 4 * ConvolutionShape.Lanes : 2 * row - column * ConvolutionShape.Lanes);
        for (int i = layout.Sources; i > 0; i--, source += channel) PrefetchBlock(source, ConvolutionShape.Lanes, row);
    }

    /// <summary>One block: two rows of four or of two pixels, or one pixel.</summary>
    public static void Sums<TWide>(in OffsetBlock pass, int width) where TWide : unmanaged, IWide<TWide>
    {
        if (width == 1) Block<TWide, OnePixel>(pass);
        else if (width == 2) Block<TWide, TwoByTwo>(pass);
        else if (pass.Layout.SourceColumn == ConvolutionShape.Lanes) Block<TWide, TwoByFourAdjacent>(pass);
        else Block<TWide, TwoByFour>(pass);
    }

    /// <summary>The sums of one block for all target channels: a … d of its first row, e … h of its second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TWide, TPixels>(in OffsetBlock pass)
        where TWide : unmanaged, IWide<TWide>
        where TPixels : struct, IPixels
    {
        SparseOffsetLayout layout = pass.Layout;
        int* channels = layout.SegmentTargets, starts = layout.SegmentStarts, offsets = layout.Offsets;
        float* weights = pass.Weights, bias = pass.Bias, source = pass.Source;
        nint step = TPixels.Step(layout.SourceColumn), below = layout.SourceRow;
        nint next = layout.TargetColumn, down = layout.TargetRow, ahead = TPixels.Columns == 4 ? pass.Ahead : 0;
        int segment = 0, k = 0;
        for (int tile = 0; tile < layout.Tiles; tile++)
        {
            bool first = tile == 0, last = tile == layout.Tiles - 1;
            for (int to = layout.TileSegments[tile + 1]; segment < to; segment++)
            {
                int end = starts[segment + 1];
                int channel = channels[segment];
                float* y = pass.Target + channel * layout.TargetChannel, z = y + down;
                TWide a, b, c, d, e, f, g, h;
                if (first)
                {
                    a = bias == null ? TWide.Zero : TWide.Broadcast(bias[channel]);
                    b = c = d = e = f = g = h = a;
                }
                else
                {
                    a = b = c = d = e = f = g = h = TWide.Load(y);
                    if (TPixels.Columns >= 2) b = TWide.Load(y + next);
                    if (TPixels.Columns == 4) c = TWide.Load(y + 2 * next);
                    if (TPixels.Columns == 4) d = TWide.Load(y + 3 * next);
                    if (TPixels.Columns >= 2) e = TWide.Load(z);
                    if (TPixels.Columns >= 2) f = TWide.Load(z + next);
                    if (TPixels.Columns == 4) g = TWide.Load(z + 2 * next);
                    if (TPixels.Columns == 4) h = TWide.Load(z + 3 * next);
                }
                if (TPixels.Columns == 4 && ahead != 0)
                {
                    if (first) PrefetchBlock(y + ahead, next, down);
                    if (last && pass.ReluMask != null) PrefetchBlock(pass.ReluMask + channel * layout.TargetChannel + ahead, next, down);
                }
                for (; k < end; k++)
                {
                    TWide weight = TWide.Broadcast(weights[k]);
                    float* x = source + offsets[k];
                    a = TWide.MultiplyAdd(weight, x, a);
                    if (TPixels.Columns >= 2) b = TWide.MultiplyAdd(weight, x + step, b);
                    if (TPixels.Columns == 4) c = TWide.MultiplyAdd(weight, x + 2 * step, c);
                    if (TPixels.Columns == 4) d = TWide.MultiplyAdd(weight, x + 3 * step, d);
                    x += below;
                    if (TPixels.Columns >= 2) e = TWide.MultiplyAdd(weight, x, e);
                    if (TPixels.Columns >= 2) f = TWide.MultiplyAdd(weight, x + step, f);
                    if (TPixels.Columns == 4) g = TWide.MultiplyAdd(weight, x + 2 * step, g);
                    if (TPixels.Columns == 4) h = TWide.MultiplyAdd(weight, x + 3 * step, h);
                }
                if (last && pass.Relu)
                {
                    (a, b, c, d) = (Relu(a), Relu(b), Relu(c), Relu(d));
                    (e, f, g, h) = (Relu(e), Relu(f), Relu(g), Relu(h));
                }
                if (last && pass.ReluMask != null)
                {
                    float* mask = pass.ReluMask + channel * layout.TargetChannel;
                    a = Masked(mask, a);
                    if (TPixels.Columns >= 2) b = Masked(mask + next, b);
                    if (TPixels.Columns == 4) c = Masked(mask + 2 * next, c);
                    if (TPixels.Columns == 4) d = Masked(mask + 3 * next, d);
                    mask += down;
                    if (TPixels.Columns >= 2) e = Masked(mask, e);
                    if (TPixels.Columns >= 2) f = Masked(mask + next, f);
                    if (TPixels.Columns == 4) g = Masked(mask + 2 * next, g);
                    if (TPixels.Columns == 4) h = Masked(mask + 3 * next, h);
                }
                TWide.Store(y, a);
                if (TPixels.Columns >= 2) TWide.Store(y + next, b);
                if (TPixels.Columns == 4) TWide.Store(y + 2 * next, c);
                if (TPixels.Columns == 4) TWide.Store(y + 3 * next, d);
                if (TPixels.Columns >= 2) TWide.Store(z, e);
                if (TPixels.Columns >= 2) TWide.Store(z + next, f);
                if (TPixels.Columns == 4) TWide.Store(z + 2 * next, g);
                if (TPixels.Columns == 4) TWide.Store(z + 3 * next, h);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchBlock(float* block, nint next, nint down)
    {
        Prefetch.Four(block, next);
        Prefetch.Four(block + down, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Relu<TWide>(TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(value, TWide.Zero, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Masked<TWide>(float* mask, TWide value) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(TWide.Load(mask), TWide.Zero, value);

    /// <summary>The pixels of a block, as constants: the compiler removes the sums that a smaller block does not have.</summary>
    private interface IPixels
    {
        /// <summary>4 or 2 columns of two rows, or 1 pixel.</summary>
        static abstract int Columns { get; }

        /// <summary>Values from one source column to the next: a constant where it can be one, so that it becomes part of the address.</summary>
        static abstract nint Step(nint sourceColumn);
    }

    private readonly struct OnePixel : IPixels
    {
        public static int Columns => 1;

        public static nint Step(nint sourceColumn) => sourceColumn;
    }

    private readonly struct TwoByTwo : IPixels
    {
        public static int Columns => 2;

        public static nint Step(nint sourceColumn) => sourceColumn;
    }

    private readonly struct TwoByFour : IPixels
    {
        public static int Columns => 4;

        public static nint Step(nint sourceColumn) => sourceColumn;
    }

    private readonly struct TwoByFourAdjacent : IPixels
    {
        public static int Columns => 4;

        public static nint Step(nint sourceColumn) => ConvolutionShape.Lanes;
    }
}

/// <summary>One block of target pixels: the addresses of its sums for all target channels.</summary>
internal unsafe struct OffsetBlock
{
    public SparseOffsetLayout Layout;
    public float* Weights;

    /// <summary>One value a target channel, or null for +0.</summary>
    public float* Bias;

    /// <summary>Whether what is not above 0 becomes 0.</summary>
    public bool Relu;

    /// <summary>The pixel under the block's first one, with no offset.</summary>
    public float* Source;

    /// <summary>The ReLU mask at the block's first pixel, or null.</summary>
    public float* ReluMask;

    /// <summary>The block's first pixel.</summary>
    public float* Target;

    /// <summary>Values from the block's first target pixel to the next block's, which is to be prefetched; or 0.</summary>
    public nint Ahead;

    /// <summary>Moves to the block of a width that begins at this row and column of the grid.</summary>
    public void MoveTo(float* source, float* mask, float* target, int row, int column, int width)
    {
        nint offset = Layout.TargetStart + row * Layout.TargetRow + column * Layout.TargetColumn;
        Source = source + Layout.SourceStart + row * Layout.SourceRow + column * Layout.SourceColumn;
        Target = target + offset;
        ReluMask = mask == null ? null : mask + offset;
        Ahead = Layout.Targets * Layout.TargetChannel < Prefetch.Worthwhile ? 0
            : column + 2 * width <= Layout.Columns ? width * Layout.TargetColumn
            : 2 * Layout.TargetRow - column * Layout.TargetColumn;
    }
}
