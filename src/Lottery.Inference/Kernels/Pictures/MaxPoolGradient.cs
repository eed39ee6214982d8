using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// dx = dy at the first of each window's largest values, row by row, and 0 elsewhere; where windows overlap, their sum.
/// Gated, dx is 0 wherever x ≤ 0 too: x is then what a ReLU let through.
/// </summary>
/// <remarks>
/// Order: from +0, windows row by row. The first value that y is not &gt; is the window's largest; its place is found anew
/// from x and y. Shapes: x and dx as the pool's input, y and dy as its output.
/// </remarks>
internal static unsafe class MaxPoolGradient
{
    public static void Reference(in PoolShape pool, float* x, float* y, float* dy, float* dx, bool gated)
    {
        Interior.Clear(pool.Input, dx);
        for (int channel = 0; channel < pool.Input.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
                for (int column = 0; column < pool.Output.Columns; column++)
                    for (int lane = 0; lane < PictureLayout.Lanes; lane++)
                    {
                        int result = pool.Output.Offset(channel, row, column) + lane;
                        int window = pool.Input.Offset(channel, row * pool.Stride, column * pool.Stride) + lane;
                        float gradient = !gated || y[result] > 0 ? dy[result] : 0;
                        Spread(pool, x + window, y[result], gradient, dx + window);
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in PoolShape pool, float* x, float* y, float* dy, float* dx, bool gated)
        where TWide : unmanaged, IWide<TWide>
    {
        bool pairs = pool is { Size: 2, Stride: 2 };
        int size = pool.Size, inputRow = pool.Input.RowStride, step = pool.Stride * PictureLayout.Lanes;
        int length = pool.Output.Columns * PictureLayout.Lanes;
        for (int channel = 0; channel < pool.Input.Channels; channel++)
        {
            if (!pairs || !pool.Tiles) Interior.Clear(pool.Input, channel, dx);
            for (int row = 0; row < pool.Output.Rows; row++)
            {
                int from = pool.Input.Offset(channel, row * pool.Stride, 0), result = pool.Output.Offset(channel, row, 0);
                if (pairs) Pairs<TWide>(x + from, inputRow, y + result, dy + result, length, dx + from, gated);
                else Windows<TWide>(x + from, inputRow, step, size, y + result, dy + result, length, dx + from, gated);
            }
        }
    }

    private static void Spread(in PoolShape pool, float* x, float most, float gradient, float* dx)
    {
        for (int i = 0; i < pool.Size; i++)
            for (int j = 0; j < pool.Size; j++)
            {
                int place = i * pool.Input.RowStride + j * PictureLayout.Lanes;
                bool below = most > x[place];
                dx[place] += below ? 0 : gradient;
                gradient = below ? gradient : 0;
            }
    }

    /// <summary>Windows of two by two side by side: every pixel is written once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs<TWide>(float* x, nint inputRow, float* y, float* dy, nint length, float* dx, bool gated)
        where TWide : unmanaged, IWide<TWide>
    {
        for (nint i = 0; i < length; i += PictureLayout.Lanes, x += 2 * PictureLayout.Lanes, dx += 2 * PictureLayout.Lanes)
        {
            TWide most = TWide.Load(y + i), gradient = Gradient<TWide>(most, dy + i, gated);
            gradient = Write(x, most, gradient, dx, TWide.Zero);
            gradient = Write(x + PictureLayout.Lanes, most, gradient, dx + PictureLayout.Lanes, TWide.Zero);
            gradient = Write(x + inputRow, most, gradient, dx + inputRow, TWide.Zero);
            Write(x + inputRow + PictureLayout.Lanes, most, gradient, dx + inputRow + PictureLayout.Lanes, TWide.Zero);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Windows<TWide>(
        float* x, nint inputRow, nint step, int size, float* y, float* dy, nint length, float* dx, bool gated)
        where TWide : unmanaged, IWide<TWide>
    {
        for (nint result = 0; result < length; result += PictureLayout.Lanes, x += step, dx += step)
        {
            TWide most = TWide.Load(y + result), gradient = Gradient<TWide>(most, dy + result, gated);
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                {
                    nint place = i * inputRow + j * PictureLayout.Lanes;
                    gradient = Write(x + place, most, gradient, dx + place, TWide.Load(dx + place));
                }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Gradient<TWide>(TWide most, float* dy, bool gated) where TWide : unmanaged, IWide<TWide> =>
        gated ? TWide.WhereGreater(most, TWide.Zero, TWide.Load(dy)) : TWide.Load(dy);

    /// <summary>Adds the gradient where x is the largest, and returns what is left of it for the pixels that follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Write<TWide>(float* x, TWide most, TWide gradient, float* dx, TWide before)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide value = TWide.Load(x);
        TWide.Store(dx, TWide.Add(before, TWide.WhereGreater(most, value, TWide.Zero, gradient)));
        return TWide.WhereGreater(most, value, gradient);
    }
}
