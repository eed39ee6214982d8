using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>y = the largest value under each window, and which of the window's pixels it is.</summary>
/// <remarks>
/// Order: from the window's first pixel on, row by row, a value takes the place of the largest so far where it is &gt; it
/// (so of two equals the first stays). Shapes: x as the pool's input, y and winner as its output; winner counts pixels row
/// by row from 0: a way back that knows it need not have x.
/// </remarks>
internal static unsafe class MaxPool
{
    public static void Reference(in PoolShape pool, float* x, float* y, float* winner)
    {
        for (int channel = 0; channel < pool.Input.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
                for (int column = 0; column < pool.Output.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                    {
                        int result = pool.Output.Offset(channel, row, column) + lane;
                        (y[result], winner[result]) =
                            Largest(pool, x + pool.Input.Offset(channel, row * pool.Stride, column * pool.Stride) + lane);
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in PoolShape pool, float* x, float* y, float* winner) where TWide : unmanaged, IWide<TWide>
    {
        int size = pool.Size, inputRow = pool.Input.RowStride, step = pool.Stride * ImageLayout.Lanes;
        int length = pool.Output.Columns * ImageLayout.Lanes;
        for (int channel = 0; channel < pool.Input.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
            {
                float* from = x + pool.Input.Offset(channel, row * pool.Stride, 0);
                int to = pool.Output.Offset(channel, row, 0);
                if (size == 2) Pairs<TWide>(from, from + inputRow, step, y + to, winner + to, length);
                else Windows<TWide>(from, inputRow, step, size, y + to, winner + to, length);
            }
    }

    private static (float Most, float Winner) Largest(in PoolShape pool, float* window)
    {
        (float most, int winner) = (*window, 0);
        for (int pixel = 1; pixel < pool.Size * pool.Size; pixel++)
        {
            float value = window[pixel / pool.Size * pool.Input.RowStride + pixel % pool.Size * ImageLayout.Lanes];
            if (value > most) (most, winner) = (value, pixel);
        }
        return (most, winner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs<TWide>(float* upper, float* lower, nint step, float* y, float* winner, nint length)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide one = TWide.Broadcast(1), two = TWide.Broadcast(2), three = TWide.Broadcast(3);
        for (nint i = 0; i < length; i += ImageLayout.Lanes, upper += step, lower += step)
        {
            TWide most = TWide.Load(upper), which = TWide.Zero;
            Larger(upper + ImageLayout.Lanes, one, ref most, ref which);
            Larger(lower, two, ref most, ref which);
            Larger(lower + ImageLayout.Lanes, three, ref most, ref which);
            TWide.Store(y + i, most);
            TWide.Store(winner + i, which);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Windows<TWide>(float* from, nint inputRow, nint step, int size, float* y, float* winner, nint length)
        where TWide : unmanaged, IWide<TWide>
    {
        for (nint result = 0; result < length; result += ImageLayout.Lanes, from += step)
        {
            TWide most = TWide.Load(from), which = TWide.Zero;
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                    Larger(from + i * inputRow + j * ImageLayout.Lanes, TWide.Broadcast(i * size + j), ref most, ref which);
            TWide.Store(y + result, most);
            TWide.Store(winner + result, which);
        }
    }

    /// <summary>One more pixel of a window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Larger<TWide>(float* pixel, TWide number, ref TWide most, ref TWide which) where TWide : unmanaged, IWide<TWide>
    {
        TWide value = TWide.Load(pixel);
        which = TWide.WhereGreater(value, most, number, which);
        most = TWide.WhereGreater(value, most, value, most);
    }
}
