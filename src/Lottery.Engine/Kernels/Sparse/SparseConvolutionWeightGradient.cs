using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Elementwise;

namespace Lottery.Kernels.Sparse;

/// <summary>
/// gradient[k] (+)= Σ dy[output(k)][pixel] × x[pixel under the kernel at k] over pixels and images, for the kept weights of one part.
/// </summary>
/// <remarks>
/// Order: for each lane group, sixteen sums (one a lane) from +0, to which bands of four rows of pixels (fewer at the lower
/// edge) are added from top to bottom. A band is sixteen partial sums from +0, one fused multiply-add a pixel: blocks of 4 × 4
/// pixels (fewer at the lower and right edge) from left to right; in a block, rows and in them columns ascending. Then the
/// tree of <see cref="IWide{T}.Sum"/>. Lane groups are added one after the other, so that many groups at once and one after
/// the other are the same. The number of parts changes no bit. (Bands are sums of their own so that a GPU can make them at once.)
/// </remarks>
internal unsafe ref struct SparseConvolutionWeightGradient : IKernel
{
    /// <summary>Rows and columns of a block.</summary>
    public const int Block = 4;

    /// <summary>The kept weights.</summary>
    public required SparseConvolutionTable Table;

    /// <summary>The part, 0 … parts − 1, which reads and writes only its own weights; each may run on a thread of its own.</summary>
    public required int Part, Parts;

    /// <summary><c>[lane groups]</c> of the input, their borders zero.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[lane groups]</c> of the gradient at the output.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>The number of lane groups.</summary>
    public required int LaneGroups;

    /// <summary><see cref="SparseConvolutionTable.WorkspaceLength"/> values, separate for each thread.</summary>
    public required Span<float> Workspace;

    /// <summary><c>[kept]</c>, in stored order.</summary>
    public required Span<float> Gradient;

    /// <summary>Whether the first lane group is added to the gradient's values.</summary>
    public bool Add;

    public readonly void Check()
    {
        IKernel.Require(Part >= 0 && Part < Parts && Gradient.Length >= Table.Kept && Workspace.Length >= Table.WorkspaceLength);
        IKernel.Require(X.Length >= LaneGroups * Table.Shape.InputLength && Dy.Length >= LaneGroups * Table.Shape.OutputLength);
    }

    public readonly void Reference()
    {
        for (int group = 0; group < LaneGroups; group++)
            Reference(
                Table.ForGradient.Layout, Part, Parts, X[(group * Table.Shape.InputLength)..], Dy[(group * Table.Shape.OutputLength)..],
                Gradient, group > 0 || Add);
    }

    /// <summary>The same for one lane group.</summary>
    public static void Reference(
        in GradientOffsetLayout layout, int part, int parts, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> gradient, bool add)
    {
        Span<float> lanes = stackalloc float[ConvolutionShape.Lanes], band = stackalloc float[ConvolutionShape.Lanes];
        for (int channels = 0; channels < layout.Tiles; channels++)
        {
            int first = layout.First(channels, part, parts), last = layout.First(channels, part + 1, parts);
            for (int segment = first; segment < last; segment++)
                for (int k = layout.SegmentStarts[segment]; k < layout.SegmentStarts[segment + 1]; k++)
                {
                    lanes.Clear();
                    for (int row = 0; row < layout.Shape.OutputRows; row += Block)
                    {
                        band.Clear();
                        AddPixels(layout.Shape, row, x[(layout.Shape.InputStart + layout.Offsets[k])..],
                            dy[(layout.Shape.OutputStart + layout.SegmentOutputs[segment] * layout.Shape.OutputChannel)..], band);
                        for (int lane = 0; lane < ConvolutionShape.Lanes; lane++) lanes[lane] += band[lane];
                    }
                    ref float target = ref gradient[layout.Indices[k]];
                    target = add ? target + LaneSum.Tree(lanes) : LaneSum.Tree(lanes);
                }
        }
    }

    /// <summary>
    /// A block of dy stays in sixteen registers for all weights of its channel, each with its partial sum; the partial sums of
    /// all weights of a tile of channels stay in the nearer caches from block to block, and the last block of a band adds them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        GradientOffsetLayout layout = Table.ForGradient.Layout;
        ConvolutionShape shape = layout.Shape;
        int part = Part, parts = Parts, groups = LaneGroups;
        fixed (float* firstX = X, firstDy = Dy, sums = Workspace, gradient = Gradient)
        {
            float* x = firstX, dy = firstDy, partial = sums + Table.ForGradient.MostWeights * ConvolutionShape.Lanes;
            for (int group = 0; group < groups; group++, x += shape.InputLength, dy += shape.OutputLength)
                for (int from = 0; from < layout.Tiles; from += layout.TilesInGroup)
                {
                    int to = Math.Min(from + layout.TilesInGroup, layout.Tiles);
                    float* origin = sums - (nint)layout.FirstWeight(from) * 16;
                    new Span<float>(sums, (layout.FirstWeight(to) - layout.FirstWeight(from)) * 16).Clear();
                    for (int row = 0; row < shape.OutputRows; row += Block)
                        for (int channels = from; channels < to; channels++)
                            Band<TWide>(layout, layout.First(channels, part, parts),
                                layout.First(channels, part + 1, parts), x, dy, row,
                                new(partial - (nint)layout.FirstWeight(channels) * 16, origin), prefetch: channels == from);
                    for (int channels = from; channels < to; channels++)
                    {
                        int start = layout.SegmentStarts[layout.First(channels, part, parts)];
                        int end = layout.SegmentStarts[layout.First(channels, part + 1, parts)];
                        Reduce<TWide>(layout.Indices + start, origin + (nint)start * 16, end - start, gradient, group > 0 || Add);
                    }
                }
        }
    }

    private static void AddPixels(in ConvolutionShape shape, int top, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> lanes)
    {
        for (int left = 0; left < shape.OutputColumns; left += Block)
            for (int row = top; row < Math.Min(top + Block, shape.OutputRows); row++)
                for (int column = left; column < Math.Min(left + Block, shape.OutputColumns); column++)
                    for (int lane = 0; lane < ConvolutionShape.Lanes; lane++)
                        lanes[lane] = MathF.FusedMultiplyAdd(
                            dy[row * shape.OutputRow + column * ConvolutionShape.Lanes + lane],
                            x[shape.Stride * (row * shape.InputRow + column * ConvolutionShape.Lanes) + lane], lanes[lane]);
    }

    /// <summary>Four rows of pixels, for some segments of one tile of channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Band<TWide>(
        in GradientOffsetLayout layout, int first, int last, float* x, float* dy, int row, BandSums sums, bool prefetch)
        where TWide : unmanaged, IWide<TWide>
    {
        ConvolutionShape shape = layout.Shape;
        x += shape.InputStart + shape.Stride * row * shape.InputRow;
        dy += shape.OutputStart + row * shape.OutputRow;
        int rows = Math.Min(Block, shape.OutputRows - row);
        for (int column = 0; column < shape.OutputColumns; column += Block)
        {
            float* source = x + shape.Stride * column * 16, d = dy + column * 16;
            nint ahead = !prefetch || shape.OutputLength < Prefetch.Worthwhile ? 0
                : column + 2 * Block <= shape.OutputColumns ? Block * 16 : Block * shape.OutputRow - column * 16;
            Pixels<TWide>(layout, first, last, source, d, rows, column, sums, ahead);
        }
    }

    /// <summary>
    /// A block from <paramref name="column"/> on whose first pixels are <paramref name="x"/> and <paramref name="dy"/>, for some
    /// segments of one tile of channels.
    /// </summary>
    public static void Pixels<TWide>(
        in GradientOffsetLayout layout, int first, int last, float* x, float* dy, int rows, int column, BandSums sums, nint ahead)
        where TWide : unmanaged, IWide<TWide>
    {
        bool begins = column == 0, ends = column + Block >= layout.Shape.OutputColumns;
        if (begins && ends) Pixels<TWide, WholeBand>(layout, first, last, x, dy, rows, column, sums, ahead);
        else if (begins) Pixels<TWide, BandBegin>(layout, first, last, x, dy, rows, column, sums, ahead);
        else if (ends) Pixels<TWide, BandEnd>(layout, first, last, x, dy, rows, column, sums, ahead);
        else Pixels<TWide, BandMiddle>(layout, first, last, x, dy, rows, column, sums, ahead);
    }

    private static void Pixels<TWide, TPlace>(
        in GradientOffsetLayout layout, int first, int last, float* x, float* dy, int rows, int column, BandSums sums, nint ahead)
        where TWide : unmanaged, IWide<TWide>
        where TPlace : struct, IBandPlace
    {
        int columns = Math.Min(Block, layout.Shape.OutputColumns - column);
        if (rows == Block && columns == Block) Whole<TWide, TPlace>(layout, first, last, x, dy, sums, ahead);
        else Edge<TWide, TPlace>(layout, first, last, x, dy, rows, columns, sums);
    }

    /// <summary>A block of 4 × 4 pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Whole<TWide, TPlace>(
        in GradientOffsetLayout layout, int first, int last, float* x, float* dy, BandSums sums, nint ahead)
        where TWide : unmanaged, IWide<TWide>
        where TPlace : struct, IBandPlace
    {
        int* outputs = layout.SegmentOutputs, starts = layout.SegmentStarts, offsets = layout.Offsets;
        nint channel = layout.GradientChannel, down = layout.GradientRow;
        nint step = layout.Shape.Stride * 16, below = layout.Shape.Stride * layout.Shape.InputRow;
        // What the next block is the first to read of x: as far ahead as that of dy, and beyond what this block reads.
        nint inputChannel = layout.Shape.InputChannel, aheadOfX = (layout.Shape.Kernel - 1) * (layout.Shape.InputRow + 16)
            + (ahead == Block * 16 ? Block * step : Block * below + (ahead - Block * down) * layout.Shape.Stride);
        int inputs = layout.Shape.Inputs;
        int k = starts[first];
        float* own = (TPlace.Begins && TPlace.Ends ? sums.Totals : sums.Partial) + (nint)k * 16;
        nint toTotals = TPlace.Begins && TPlace.Ends ? 0 : (nint)(sums.Totals - sums.Partial);
        for (int segment = first; segment < last; segment++)
        {
            int end = starts[segment + 1];
            float* d = dy + outputs[segment] * channel;
            TWide d0 = TWide.Load(d), d1 = TWide.Load(d + 16), d2 = TWide.Load(d + 32), d3 = TWide.Load(d + 48);
            d += down;
            TWide d4 = TWide.Load(d), d5 = TWide.Load(d + 16), d6 = TWide.Load(d + 32), d7 = TWide.Load(d + 48);
            d += down;
            TWide d8 = TWide.Load(d), d9 = TWide.Load(d + 16), da = TWide.Load(d + 32), db = TWide.Load(d + 48);
            d += down;
            TWide dc = TWide.Load(d), dd = TWide.Load(d + 16), de = TWide.Load(d + 32), df = TWide.Load(d + 48);
            if (ahead != 0)
            {
                PrefetchBlock(dy + outputs[segment] * channel + ahead, down);
                if (segment - first < inputs) PrefetchBlock(x + (segment - first) * inputChannel + aheadOfX, below);
            }
            for (; k < end; k++, own += 16)
            {
                float* s = x + offsets[k];
                TWide sum = TPlace.Begins ? TWide.Zero : TWide.Load(own);
                sum = TWide.MultiplyAdd(d0, s, sum);
                sum = TWide.MultiplyAdd(d1, s + step, sum);
                sum = TWide.MultiplyAdd(d2, s + 2 * step, sum);
                sum = TWide.MultiplyAdd(d3, s + 3 * step, sum);
                s += below;
                sum = TWide.MultiplyAdd(d4, s, sum);
                sum = TWide.MultiplyAdd(d5, s + step, sum);
                sum = TWide.MultiplyAdd(d6, s + 2 * step, sum);
                sum = TWide.MultiplyAdd(d7, s + 3 * step, sum);
                s += below;
                sum = TWide.MultiplyAdd(d8, s, sum);
                sum = TWide.MultiplyAdd(d9, s + step, sum);
                sum = TWide.MultiplyAdd(da, s + 2 * step, sum);
                sum = TWide.MultiplyAdd(db, s + 3 * step, sum);
                s += below;
                sum = TWide.MultiplyAdd(dc, s, sum);
                sum = TWide.MultiplyAdd(dd, s + step, sum);
                sum = TWide.MultiplyAdd(de, s + 2 * step, sum);
                sum = TWide.MultiplyAdd(df, s + 3 * step, sum);
                if (TPlace.Ends) TWide.Store(own + toTotals, TWide.Add(TWide.Load(own + toTotals), sum));
                else TWide.Store(own, sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchBlock(float* block, nint down)
    {
        for (int row = 0; row < Block; row++) Prefetch.Four(block + row * down, 16);
    }

    /// <summary>A block at the lower or right edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Edge<TWide, TPlace>(
        in GradientOffsetLayout layout, int first, int last, float* x, float* dy, int rows, int columns, BandSums sums)
        where TWide : unmanaged, IWide<TWide>
        where TPlace : struct, IBandPlace
    {
        ConvolutionShape shape = layout.Shape;
        int k = layout.SegmentStarts[first];
        float* own = (TPlace.Begins && TPlace.Ends ? sums.Totals : sums.Partial) + (nint)k * 16;
        nint toTotals = TPlace.Begins && TPlace.Ends ? 0 : (nint)(sums.Totals - sums.Partial);
        for (int segment = first; segment < last; segment++)
        {
            float* d = dy + layout.SegmentOutputs[segment] * layout.GradientChannel;
            int end = layout.SegmentStarts[segment + 1];
            for (; k < end; k++, own += 16)
            {
                float* source = x + layout.Offsets[k];
                TWide sum = TPlace.Begins ? TWide.Zero : TWide.Load(own);
                for (int row = 0; row < rows; row++)
                    for (int column = 0; column < columns; column++)
                        sum = TWide.MultiplyAdd(TWide.Load(d + row * layout.GradientRow + column * 16),
                            TWide.Load(source + shape.Stride * (row * shape.InputRow + column * 16)), sum);
                if (TPlace.Ends) TWide.Store(own + toTotals, TWide.Add(TWide.Load(own + toTotals), sum));
                else TWide.Store(own, sum);
            }
        }
    }

    /// <summary>Adds up the lanes of each sum, and stores the results at their weights' indices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Reduce<TWide>(int* indices, float* sums, int count, float* gradient, bool add)
        where TWide : unmanaged, IWide<TWide>
    {
        int k = 0;
        for (; k + 4 <= count; k += 4, sums += 64)
        {
            Vector128<float> four = TWide.Sum(TWide.Load(sums), TWide.Load(sums + 16), TWide.Load(sums + 32), TWide.Load(sums + 48));
            for (int i = 0; i < 4; i++) Store(gradient + indices[k + i], four[i], add);
        }
        for (; k < count; k++, sums += 16)
            Store(gradient + indices[k], TWide.Sum(TWide.Load(sums), TWide.Zero, TWide.Zero, TWide.Zero).ToScalar(), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, float sum, bool add) => *target = add ? *target + sum : sum;
}
