using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Pooling;

/// <summary>y = the largest value under each window, and the index of its pixel in the window.</summary>
/// <remarks>
/// Order: from the window's first pixel on, row by row, a value replaces the largest so far where it is &gt; it (so the
/// first of equal values stays). An index counts the window's pixels row by row from 0; a backward pass that has it does
/// not need x.
/// </remarks>
internal unsafe ref struct MaxPoolForward : IKernel
{
    /// <summary>The windows.</summary>
    public required PoolShape Pool;

    /// <summary>As the pool's input.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary>As the pool's output.</summary>
    public required Span<float> Y, ArgMax;

    public readonly void Check()
    {
        IKernel.Require(Pool.Fits && X.Length >= Pool.Input.Length);
        IKernel.Require(Y.Length >= Pool.Output.Length && ArgMax.Length >= Pool.Output.Length);
    }

    public readonly void Reference()
    {
        for (int channel = 0; channel < Pool.Input.Channels; channel++)
            for (int row = 0; row < Pool.Output.Rows; row++)
                for (int column = 0; column < Pool.Output.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                    {
                        int result = Pool.Output.Offset(channel, row, column) + lane;
                        (Y[result], ArgMax[result]) =
                            Largest(Pool, X[(Pool.Input.Offset(channel, row * Pool.Stride, column * Pool.Stride) + lane)..]);
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        PoolShape pool = Pool;
        int size = pool.Size, inputRow = pool.Input.RowStride, step = pool.Stride * ImageLayout.Lanes;
        int length = pool.Output.Columns * ImageLayout.Lanes;
        fixed (float* x = X, y = Y, argMax = ArgMax)
            for (int channel = 0; channel < pool.Input.Channels; channel++)
                for (int row = 0; row < pool.Output.Rows; row++)
                {
                    float* from = x + pool.Input.Offset(channel, row * pool.Stride, 0);
                    int to = pool.Output.Offset(channel, row, 0);
                    if (size == 2) Pairs<TWide>(from, from + inputRow, step, y + to, argMax + to, length);
                    else Windows<TWide>(from, inputRow, step, size, y + to, argMax + to, length);
                }
    }

    private static (float Max, float Index) Largest(in PoolShape pool, ReadOnlySpan<float> window)
    {
        (float max, int index) = (window[0], 0);
        for (int pixel = 1; pixel < pool.Size * pool.Size; pixel++)
        {
            float value = window[pixel / pool.Size * pool.Input.RowStride + pixel % pool.Size * ImageLayout.Lanes];
            if (value > max) (max, index) = (value, pixel);
        }
        return (max, index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs<TWide>(float* upper, float* lower, nint step, float* y, float* argMax, nint length)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide one = TWide.Broadcast(1), two = TWide.Broadcast(2), three = TWide.Broadcast(3);
        for (nint i = 0; i < length; i += ImageLayout.Lanes, upper += step, lower += step)
        {
            TWide max = TWide.Load(upper), index = TWide.Zero;
            Replace(upper + ImageLayout.Lanes, one, ref max, ref index);
            Replace(lower, two, ref max, ref index);
            Replace(lower + ImageLayout.Lanes, three, ref max, ref index);
            TWide.Store(y + i, max);
            TWide.Store(argMax + i, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Windows<TWide>(float* from, nint inputRow, nint step, int size, float* y, float* argMax, nint length)
        where TWide : unmanaged, IWide<TWide>
    {
        for (nint result = 0; result < length; result += ImageLayout.Lanes, from += step)
        {
            TWide max = TWide.Load(from), index = TWide.Zero;
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                    Replace(from + i * inputRow + j * ImageLayout.Lanes, TWide.Broadcast(i * size + j), ref max, ref index);
            TWide.Store(y + result, max);
            TWide.Store(argMax + result, index);
        }
    }

    /// <summary>One more pixel of a window: replaces the largest value and its index where it is larger.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Replace<TWide>(float* pixel, TWide number, ref TWide max, ref TWide index) where TWide : unmanaged, IWide<TWide>
    {
        TWide value = TWide.Load(pixel);
        index = TWide.WhereGreater(value, max, number, index);
        max = TWide.WhereGreater(value, max, value, max);
    }
}

/// <summary>
/// dx = dy at the first of each window's largest values, row by row, and 0 elsewhere; where windows overlap, their sum. With
/// a ReLU mask, dx is 0 wherever x ≤ 0 too: a ReLU computed x.
/// </summary>
/// <remarks>Order: from +0, windows row by row. A window's largest value is y, so x itself is not read.</remarks>
internal unsafe ref struct MaxPoolBackward : IKernel
{
    /// <summary>The windows.</summary>
    public required PoolShape Pool;

    /// <summary>As the pool's output: from <see cref="MaxPoolForward"/>.</summary>
    public required ReadOnlySpan<float> ArgMax, Y;

    /// <summary>As the pool's output.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>As the pool's input.</summary>
    public required Span<float> Dx;

    /// <summary>Whether a ReLU computed x.</summary>
    public required bool ReluMask;

    public readonly void Check()
    {
        IKernel.Require(Pool.Fits && ArgMax.Length >= Pool.Output.Length && Dx.Length >= Pool.Input.Length);
        IKernel.Require(Y.Length >= Pool.Output.Length && Dy.Length >= Pool.Output.Length);
    }

    public readonly void Reference()
    {
        Pool.Input.ClearPixels(Dx);
        for (int channel = 0; channel < Pool.Input.Channels; channel++)
            for (int row = 0; row < Pool.Output.Rows; row++)
                for (int column = 0; column < Pool.Output.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                    {
                        int result = Pool.Output.Offset(channel, row, column) + lane;
                        int window = Pool.Input.Offset(channel, row * Pool.Stride, column * Pool.Stride) + lane;
                        float gradient = !ReluMask || Y[result] > 0 ? Dy[result] : 0;
                        for (int pixel = 0; pixel < Pool.Size * Pool.Size; pixel++)
                            Dx[window + pixel / Pool.Size * Pool.Input.RowStride + pixel % Pool.Size * ImageLayout.Lanes] +=
                                pixel == (int)ArgMax[result] ? gradient : 0;
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        PoolShape pool = Pool;
        bool pairs = pool is { Size: 2, Stride: 2 }, masked = ReluMask;
        int size = pool.Size, inputRow = pool.Input.RowStride, step = pool.Stride * ImageLayout.Lanes;
        int length = pool.Output.Columns * ImageLayout.Lanes;
        fixed (float* argMax = ArgMax, y = Y, dy = Dy, dx = Dx)
            for (int channel = 0; channel < pool.Input.Channels; channel++)
            {
                if (!pairs || !pool.Tiles) pool.Input.ClearPixels(channel, Dx);
                for (int row = 0; row < pool.Output.Rows; row++)
                {
                    int from = pool.Input.Offset(channel, row * pool.Stride, 0), result = pool.Output.Offset(channel, row, 0);
                    if (pairs) Pairs<TWide>(argMax + result, inputRow, y + result, dy + result, length, dx + from, masked);
                    else Windows<TWide>(argMax + result, inputRow, step, size, y + result, dy + result, length, dx + from, masked);
                }
            }
    }

    /// <summary>Windows of two by two side by side: every pixel is written once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs<TWide>(float* argMax, nint inputRow, float* y, float* dy, nint length, float* dx, bool masked)
        where TWide : unmanaged, IWide<TWide>
    {
        for (nint i = 0; i < length; i += ImageLayout.Lanes, dx += 2 * ImageLayout.Lanes)
        {
            TWide index = TWide.Load(argMax + i), gradient = Gradient<TWide>(y + i, dy + i, masked);
            gradient = Write(0, index, gradient, dx, TWide.Zero);
            gradient = Write(1, index, gradient, dx + ImageLayout.Lanes, TWide.Zero);
            gradient = Write(2, index, gradient, dx + inputRow, TWide.Zero);
            Write(3, index, gradient, dx + inputRow + ImageLayout.Lanes, TWide.Zero);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Windows<TWide>(
        float* argMax, nint inputRow, nint step, int size, float* y, float* dy, nint length, float* dx, bool masked)
        where TWide : unmanaged, IWide<TWide>
    {
        for (nint result = 0; result < length; result += ImageLayout.Lanes, dx += step)
        {
            TWide index = TWide.Load(argMax + result), gradient = Gradient<TWide>(y + result, dy + result, masked);
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                {
                    float* pixel = dx + i * inputRow + j * ImageLayout.Lanes;
                    gradient = Write(i * size + j, index, gradient, pixel, TWide.Load(pixel));
                }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Gradient<TWide>(float* max, float* dy, bool masked) where TWide : unmanaged, IWide<TWide> =>
        masked ? TWide.WhereGreater(TWide.Load(max), TWide.Zero, TWide.Load(dy)) : TWide.Load(dy);

    /// <summary>Adds the gradient where this pixel is the largest, and returns what is left of it for the pixels that follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Write<TWide>(int pixel, TWide index, TWide gradient, float* dx, TWide before)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide number = TWide.Broadcast(pixel);
        TWide.Store(dx, TWide.Add(before, TWide.WhereGreater(index, number, TWide.Zero, gradient)));
        return TWide.WhereGreater(index, number, gradient);
    }
}
