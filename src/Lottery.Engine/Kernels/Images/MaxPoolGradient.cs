using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// dx = dy at the first of each window's largest values, row by row, and 0 elsewhere; where windows overlap, their sum.
/// Gated, dx is 0 wherever x ≤ 0 too: x is then what a ReLU let through.
/// </summary>
/// <remarks>
/// Order: from +0, windows row by row. Shapes: dx as the pool's input; winner (see <see cref="MaxPool"/>), y and dy as its
/// output. A window's largest value is y, so x itself is not looked at.
/// </remarks>
internal static unsafe class MaxPoolGradient
{
    public static void Reference(in PoolShape pool, float* winner, float* y, float* dy, float* dx, bool gated)
    {
        Interior.Clear(pool.Input, dx);
        for (int channel = 0; channel < pool.Input.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
                for (int column = 0; column < pool.Output.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                    {
                        int result = pool.Output.Offset(channel, row, column) + lane;
                        int window = pool.Input.Offset(channel, row * pool.Stride, column * pool.Stride) + lane;
                        float gradient = !gated || y[result] > 0 ? dy[result] : 0;
                        Spread(pool, (int)winner[result], gradient, dx + window);
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in PoolShape pool, float* winner, float* y, float* dy, float* dx, bool gated)
        where TWide : unmanaged, IWide<TWide>
    {
        bool pairs = pool is { Size: 2, Stride: 2 };
        int size = pool.Size, inputRow = pool.Input.RowStride, step = pool.Stride * ImageLayout.Lanes;
        int length = pool.Output.Columns * ImageLayout.Lanes;
        for (int channel = 0; channel < pool.Input.Channels; channel++)
        {
            if (!pairs || !pool.Tiles) Interior.Clear(pool.Input, channel, dx);
            for (int row = 0; row < pool.Output.Rows; row++)
            {
                int from = pool.Input.Offset(channel, row * pool.Stride, 0), result = pool.Output.Offset(channel, row, 0);
                if (pairs) Pairs<TWide>(winner + result, inputRow, y + result, dy + result, length, dx + from, gated);
                else Windows<TWide>(winner + result, inputRow, step, size, y + result, dy + result, length, dx + from, gated);
            }
        }
    }

    private static void Spread(in PoolShape pool, int winner, float gradient, float* dx)
    {
        for (int pixel = 0; pixel < pool.Size * pool.Size; pixel++)
            dx[pixel / pool.Size * pool.Input.RowStride + pixel % pool.Size * ImageLayout.Lanes] += pixel == winner ? gradient : 0;
    }

    /// <summary>Windows of two by two side by side: every pixel is written once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs<TWide>(float* winner, nint inputRow, float* y, float* dy, nint length, float* dx, bool gated)
        where TWide : unmanaged, IWide<TWide>
    {
        for (nint i = 0; i < length; i += ImageLayout.Lanes, dx += 2 * ImageLayout.Lanes)
        {
            TWide which = TWide.Load(winner + i), gradient = Gradient<TWide>(y + i, dy + i, gated);
            gradient = Write(0, which, gradient, dx, TWide.Zero);
            gradient = Write(1, which, gradient, dx + ImageLayout.Lanes, TWide.Zero);
            gradient = Write(2, which, gradient, dx + inputRow, TWide.Zero);
            Write(3, which, gradient, dx + inputRow + ImageLayout.Lanes, TWide.Zero);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Windows<TWide>(
        float* winner, nint inputRow, nint step, int size, float* y, float* dy, nint length, float* dx, bool gated)
        where TWide : unmanaged, IWide<TWide>
    {
        for (nint result = 0; result < length; result += ImageLayout.Lanes, dx += step)
        {
            TWide which = TWide.Load(winner + result), gradient = Gradient<TWide>(y + result, dy + result, gated);
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                {
                    float* place = dx + i * inputRow + j * ImageLayout.Lanes;
                    gradient = Write(i * size + j, which, gradient, place, TWide.Load(place));
                }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Gradient<TWide>(float* most, float* dy, bool gated) where TWide : unmanaged, IWide<TWide> =>
        gated ? TWide.WhereGreater(TWide.Load(most), TWide.Zero, TWide.Load(dy)) : TWide.Load(dy);

    /// <summary>Adds the gradient where this pixel is the winner, and returns what is left of it for the pixels that follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Write<TWide>(int pixel, TWide which, TWide gradient, float* dx, TWide before)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide number = TWide.Broadcast(pixel);
        TWide.Store(dx, TWide.Add(before, TWide.WhereGreater(which, number, TWide.Zero, gradient)));
        return TWide.WhereGreater(which, number, gradient);
    }
}
