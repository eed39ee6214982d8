using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>Mean and variance of one channel over the pixels of all images of a batch, and of no padding.</summary>
/// <remarks>
/// Order: in every lane a sum for each row (columns ascending, from +0), these added to one for each tile (rows
/// ascending, from +0), in single precision; the tile's live lanes by the tree of <see cref="LiveLanes"/>; tiles
/// ascending in double precision. So no single-precision sum has more than rows + columns + 4 steps. Twice over: first x,
/// then (x − mean)² by one fused multiply-add each, with the mean rounded to single precision. Shapes: x
/// <c>[tiles, …]</c>, live <c>[tiles]</c>.
/// </remarks>
internal static unsafe class BatchMoments
{
    public static Moments Reference(in NormalizationShape shape, int channel, int* live, int tiles, float* x)
    {
        int count = shape.Count(new(live, tiles));
        float mean = (float)(Sum(shape.Input, channel, live, tiles, x, 0, false) / count);
        return new(mean, Sum(shape.Input, channel, live, tiles, x, mean, true) / count, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Moments Fast<TWide>(in NormalizationShape shape, int channel, int* live, int tiles, float* x)
        where TWide : unmanaged, IWide<TWide>
    {
        float* pattern = stackalloc float[LiveLanes.Length];
        LiveLanes.Fill(pattern);
        ImageLayout layout = shape.Input;
        int count = shape.Count(new(live, tiles));
        double sum = 0, squares = 0;
        for (int tile = 0; tile < tiles; tile++)
            sum += LiveLanes.Sum(Total<TWide>(layout, x + (nint)tile * layout.Length + layout.Offset(channel, 0, 0)), pattern + 16 - live[tile]);
        float mean = (float)(sum / count);
        for (int tile = 0; tile < tiles; tile++)
            squares += LiveLanes.Sum(
                Squares(layout, x + (nint)tile * layout.Length + layout.Offset(channel, 0, 0), TWide.Broadcast(mean)), pattern + 16 - live[tile]);
        return new(mean, squares / count, count);
    }

    private static double Sum(in ImageLayout layout, int channel, int* live, int tiles, float* x, float mean, bool square)
    {
        float* lanes = stackalloc float[ImageLayout.Lanes];
        double sum = 0;
        for (int tile = 0; tile < tiles; tile++)
        {
            for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                lanes[lane] = OfLane(layout, x + (nint)tile * layout.Length + layout.Offset(channel, 0, 0) + lane, mean, square);
            sum += LiveLanes.Sum(lanes, live[tile]);
        }
        return sum;
    }

    private static float OfLane(in ImageLayout layout, float* x, float mean, bool square)
    {
        float sum = 0;
        for (int row = 0; row < layout.Rows; row++)
        {
            float line = 0;
            for (int column = 0; column < layout.Columns; column++)
            {
                float value = x[row * layout.RowStride + column * ImageLayout.Lanes], distance = value - mean;
                line = square ? MathF.FusedMultiplyAdd(distance, distance, line) : line + value;
            }
            sum += line;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Total<TWide>(in ImageLayout layout, float* x) where TWide : unmanaged, IWide<TWide>
    {
        TWide sum = TWide.Zero;
        int length = layout.Columns * ImageLayout.Lanes, stride = layout.RowStride;
        for (int row = layout.Rows; row > 0; row--, x += stride)
        {
            TWide line = TWide.Zero;
            for (float* from = x, end = x + length; from < end; from += ImageLayout.Lanes) line = TWide.Add(line, TWide.Load(from));
            sum = TWide.Add(sum, line);
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Squares<TWide>(in ImageLayout layout, float* x, TWide mean) where TWide : unmanaged, IWide<TWide>
    {
        TWide sum = TWide.Zero;
        int length = layout.Columns * ImageLayout.Lanes, stride = layout.RowStride;
        for (int row = layout.Rows; row > 0; row--, x += stride)
        {
            TWide line = TWide.Zero;
            for (float* from = x, end = x + length; from < end; from += ImageLayout.Lanes)
            {
                TWide distance = TWide.Subtract(TWide.Load(from), mean);
                line = TWide.MultiplyAdd(distance, distance, line);
            }
            sum = TWide.Add(sum, line);
        }
        return sum;
    }
}
