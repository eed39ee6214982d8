using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>y = the largest value under each window.</summary>
/// <remarks>
/// Order: from the window's first pixel on, row by row, a value takes the place of the largest so far where it is &gt; it
/// (so of two zeros the first stays). Shapes: x and y as the pool's input and output.
/// </remarks>
internal static unsafe class MaxPool
{
    public static void Reference(in PoolShape pool, float* x, float* y)
    {
        for (int channel = 0; channel < pool.Input.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
                for (int column = 0; column < pool.Output.Columns; column++)
                    for (int lane = 0; lane < PictureLayout.Lanes; lane++)
                        y[pool.Output.Offset(channel, row, column) + lane] =
                            Largest(pool, x + pool.Input.Offset(channel, row * pool.Stride, column * pool.Stride) + lane);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in PoolShape pool, float* x, float* y) where TWide : unmanaged, IWide<TWide>
    {
        int size = pool.Size, inputRow = pool.Input.RowStride, step = pool.Stride * PictureLayout.Lanes;
        int length = pool.Output.Columns * PictureLayout.Lanes;
        for (int channel = 0; channel < pool.Input.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
            {
                float* from = x + pool.Input.Offset(channel, row * pool.Stride, 0), to = y + pool.Output.Offset(channel, row, 0);
                if (size == 2) Pairs<TWide>(from, from + inputRow, step, to, to + length);
                else Windows<TWide>(from, inputRow, step, size, to, to + length);
            }
    }

    private static float Largest(in PoolShape pool, float* window)
    {
        float most = *window;
        for (int i = 0; i < pool.Size; i++)
            for (int j = 0; j < pool.Size; j++)
            {
                float value = window[i * pool.Input.RowStride + j * PictureLayout.Lanes];
                most = value > most ? value : most;
            }
        return most;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs<TWide>(float* upper, float* lower, nint step, float* to, float* end) where TWide : unmanaged, IWide<TWide>
    {
        for (; to < end; to += PictureLayout.Lanes, upper += step, lower += step)
        {
            TWide most = Larger(TWide.Load(upper + PictureLayout.Lanes), TWide.Load(upper));
            most = Larger(TWide.Load(lower), most);
            TWide.Store(to, Larger(TWide.Load(lower + PictureLayout.Lanes), most));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Windows<TWide>(float* from, nint inputRow, nint step, int size, float* to, float* end)
        where TWide : unmanaged, IWide<TWide>
    {
        for (; to < end; to += PictureLayout.Lanes, from += step)
        {
            TWide most = TWide.Load(from);
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                    most = Larger(TWide.Load(from + i * inputRow + j * PictureLayout.Lanes), most);
            TWide.Store(to, most);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Larger<TWide>(TWide value, TWide most) where TWide : unmanaged, IWide<TWide> =>
        TWide.WhereGreater(value, most, value, most);
}
