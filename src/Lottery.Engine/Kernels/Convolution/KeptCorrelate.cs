using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Kernels;

/// <summary>
/// gradient[k] (+)= Σ dy[output(k)][pixel] × x[pixel under the kernel at k] over pixels and images, for every kept weight.
/// </summary>
/// <remarks>
/// Order: for each tile of images, sixteen partial sums (one a lane) from +0, one fused multiply-add a pixel: blocks of
/// 4 × 4 pixels (fewer at the lower and right edge) from left to right and from top to bottom; in a block, rows and in them
/// columns ascending. Then <see cref="IWide{T}.Sum"/>'s tree. Tiles are added one after the other, the first to what is
/// there if asked, so that many tiles at once and one after the other are the same.
/// Shapes: x and dy <c>[tiles]</c> of <see cref="ConvolutionShape"/>; gradient <c>[kept]</c>, in the order of the layer's
/// values; sums: 16 for each weight of a tile of channels. A share reads and writes the gradients of its own weights alone.
/// </remarks>
internal static unsafe class KeptCorrelate
{
    /// <summary>Rows and columns of a block.</summary>
    public const int Block = 4;

    public static void Reference(
        in KeptCorrelation correlation, int share, int shares, float* x, float* dy, int tiles, float* gradient, bool add)
    {
        ConvolutionShape shape = correlation.Shape;
        float* lanes = stackalloc float[ConvolutionShape.Lanes];
        for (int tile = 0; tile < tiles; tile++, x += shape.InputLength, dy += shape.OutputLength)
            for (int channels = 0; channels < correlation.Tiles; channels++)
            {
                int first = correlation.First(channels, share, shares), last = correlation.First(channels, share + 1, shares);
                for (int segment = first; segment < last; segment++)
                    for (int k = correlation.SegmentStarts[segment]; k < correlation.SegmentStarts[segment + 1]; k++)
                    {
                        new Span<float>(lanes, ConvolutionShape.Lanes).Clear();
                        AddTile(shape, x + shape.InputStart + correlation.Offsets[k],
                            dy + shape.OutputStart + correlation.SegmentOutputs[segment] * shape.OutputChannel, lanes);
                        Put(gradient + correlation.Places[k], LaneSum.Tree(lanes), tile > 0 || add);
                    }
            }
    }

    private static void AddTile(in ConvolutionShape shape, float* x, float* dy, float* lanes)
    {
        for (int top = 0; top < shape.OutputRows; top += Block)
            for (int left = 0; left < shape.OutputColumns; left += Block)
                for (int row = top; row < Math.Min(top + Block, shape.OutputRows); row++)
                    for (int column = left; column < Math.Min(left + Block, shape.OutputColumns); column++)
                        for (int lane = 0; lane < ConvolutionShape.Lanes; lane++)
                            lanes[lane] = MathF.FusedMultiplyAdd(
                                dy[row * shape.OutputRow + column * ConvolutionShape.Lanes + lane],
                                x[shape.Stride * (row * shape.InputRow + column * ConvolutionShape.Lanes) + lane], lanes[lane]);
    }

    /// <summary>
    /// A block of dy stays in sixteen registers while the weights of its channel pass, each with its sum; the sums of all
    /// weights of a tile of channels stay in the nearer caches from block to block.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide, TCounter>(
        in KeptCorrelation correlation, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        ConvolutionShape shape = correlation.Shape;
        for (int tile = 0; tile < tiles; tile++, x += shape.InputLength, dy += shape.OutputLength)
            for (int from = 0; from < correlation.Tiles; from += correlation.TilesInGroup)
            {
                int to = Math.Min(from + correlation.TilesInGroup, correlation.Tiles);
                float* origin = sums - (nint)correlation.FirstWeight(from) * 16;
                new Span<float>(sums, (correlation.FirstWeight(to) - correlation.FirstWeight(from)) * 16).Clear();
                for (int row = 0; row < shape.OutputRows; row += Block)
                    for (int channels = from; channels < to; channels++)
                        Band<TWide, TCounter>(correlation, correlation.First(channels, share, shares),
                            correlation.First(channels, share + 1, shares), x, dy, row, origin, fetch: channels == from);
                for (int channels = from; channels < to; channels++)
                {
                    int start = correlation.SegmentStarts[correlation.First(channels, share, shares)];
                    int end = correlation.SegmentStarts[correlation.First(channels, share + 1, shares)];
                    Reduce<TWide>(correlation.Places + start, origin + (nint)start * 16, end - start, gradient, tile > 0 || add);
                }
            }
    }

    /// <summary>Four rows of pixels, for some segments of one tile of channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Band<TWide, TCounter>(
        in KeptCorrelation correlation, int first, int last, float* x, float* dy, int row, float* sums, bool fetch)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        ConvolutionShape shape = correlation.Shape;
        x += shape.InputStart + shape.Stride * row * shape.InputRow;
        dy += shape.OutputStart + row * shape.OutputRow;
        int rows = Math.Min(Block, shape.OutputRows - row);
        for (int column = 0; column < shape.OutputColumns; column += Block)
        {
            int columns = Math.Min(Block, shape.OutputColumns - column);
            float* source = x + shape.Stride * column * 16, d = dy + column * 16;
            nint ahead = !fetch || shape.OutputLength < FetchAhead.Worthwhile ? 0
                : column + 2 * Block <= shape.OutputColumns ? Block * 16 : Block * shape.OutputRow - column * 16;
            Pixels<TWide, TCounter>(correlation, first, last, source, d, rows, columns, sums, ahead);
        }
    }

    /// <summary>A block, of which <paramref name="x"/> and <paramref name="dy"/> are the first pixels, for some segments of one tile of channels.</summary>
    public static void Pixels<TWide, TCounter>(
        in KeptCorrelation correlation, int first, int last, float* x, float* dy, int rows, int columns, float* sums, nint ahead)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        if (rows == Block && columns == Block) Whole<TWide, TCounter>(correlation, first, last, x, dy, sums, ahead);
        else Part<TWide, TCounter>(correlation, first, last, x, dy, rows, columns, sums);
    }

    /// <summary>A block of 4 × 4 pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Whole<TWide, TCounter>(
        in KeptCorrelation correlation, int first, int last, float* x, float* dy, float* sums, nint ahead)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int* outputs = correlation.SegmentOutputs, starts = correlation.SegmentStarts, offsets = correlation.Offsets;
        nint channel = correlation.GradientChannel, down = correlation.GradientRow;
        nint step = correlation.Shape.Stride * 16, below = correlation.Shape.Stride * correlation.Shape.InputRow;
        int k = starts[first];
        sums += (nint)k * 16;
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
            if (ahead != 0) Fetch(dy + outputs[segment] * channel + ahead, down);
            TCounter.MultiplyAdds((end - k) * 16 * 16);
            for (; k < end; k++, sums += 16)
            {
                float* s = x + offsets[k];
                TWide sum = TWide.Load(sums);
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
                TWide.Store(sums, sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(float* block, nint down)
    {
        for (int row = 0; row < Block; row++) FetchAhead.Four(block + row * down, 16);
    }

    /// <summary>A block at the lower or right edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part<TWide, TCounter>(
        in KeptCorrelation correlation, int first, int last, float* x, float* dy, int rows, int columns, float* sums)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        ConvolutionShape shape = correlation.Shape;
        int k = correlation.SegmentStarts[first];
        sums += (nint)k * 16;
        for (int segment = first; segment < last; segment++)
        {
            float* d = dy + correlation.SegmentOutputs[segment] * correlation.GradientChannel;
            int end = correlation.SegmentStarts[segment + 1];
            TCounter.MultiplyAdds((end - k) * rows * columns * 16);
            for (; k < end; k++, sums += 16)
            {
                float* source = x + correlation.Offsets[k];
                TWide sum = TWide.Load(sums);
                for (int row = 0; row < rows; row++)
                    for (int column = 0; column < columns; column++)
                        sum = TWide.MultiplyAdd(TWide.Load(d + row * correlation.GradientRow + column * 16),
                            TWide.Load(source + shape.Stride * (row * shape.InputRow + column * 16)), sum);
                TWide.Store(sums, sum);
            }
        }
    }

    /// <summary>The lanes of each sum added up, and the results put where their weights lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Reduce<TWide>(int* places, float* sums, int count, float* gradient, bool add)
        where TWide : unmanaged, IWide<TWide>
    {
        int k = 0;
        for (; k + 4 <= count; k += 4, sums += 64)
        {
            Vector128<float> four = TWide.Sum(TWide.Load(sums), TWide.Load(sums + 16), TWide.Load(sums + 32), TWide.Load(sums + 48));
            for (int i = 0; i < 4; i++) Put(gradient + places[k + i], four[i], add);
        }
        for (; k < count; k++, sums += 16)
            Put(gradient + places[k], TWide.Sum(TWide.Load(sums), TWide.Zero, TWide.Zero, TWide.Zero).ToScalar(), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* target, float sum, bool add) => *target = add ? *target + sum : sum;
}
