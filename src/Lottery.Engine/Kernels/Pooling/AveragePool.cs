using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Pooling;

/// <summary>y = the mean of each window. Windows lie side by side: the stride is the size.</summary>
/// <remarks>Order: the window's values added from +0, row by row, then divided by their number.</remarks>
internal unsafe ref struct AveragePoolForward : IKernel
{
    /// <summary>The windows.</summary>
    public required PoolShape Pool;

    /// <summary>As the pool's input.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary>As the pool's output.</summary>
    public required Span<float> Y;

    public readonly void Check() => IKernel.Require(
        Pool.Fits && Pool.Size == Pool.Stride && X.Length >= Pool.Input.Length && Y.Length >= Pool.Output.Length);

    public readonly void Reference()
    {
        for (int channel = 0; channel < Pool.Input.Channels; channel++)
            for (int row = 0; row < Pool.Output.Rows; row++)
                for (int column = 0; column < Pool.Output.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                        Y[Pool.Output.Offset(channel, row, column) + lane] = Mean(
                            X[(Pool.Input.Offset(channel, row * Pool.Size, column * Pool.Size) + lane)..],
                            Pool.Input.RowStride, Pool.Size, Pool.Size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        PoolShape pool = Pool;
        int size = pool.Size, inputRow = pool.Input.RowStride, columns = pool.Output.Columns;
        fixed (float* x = X, y = Y)
            for (int channel = 0; channel < pool.Input.Channels; channel++)
                for (int row = 0; row < pool.Output.Rows; row++)
                {
                    float* from = x + pool.Input.Offset(channel, row * size, 0), to = y + pool.Output.Offset(channel, row, 0);
                    for (int column = 0; column < columns; column++, from += size * ImageLayout.Lanes, to += ImageLayout.Lanes)
                        TWide.Store(to, Mean<TWide>(from, inputRow, size, size));
                }
    }

    /// <summary>The mean of one lane of a window of any shape.</summary>
    public static float Mean(ReadOnlySpan<float> x, int inputRow, int rows, int columns)
    {
        float sum = 0;
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) sum += x[i * inputRow + j * ImageLayout.Lanes];
        return sum / (rows * columns);
    }

    /// <summary>The means of sixteen lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Mean<TWide>(float* x, nint inputRow, int rows, int columns) where TWide : unmanaged, IWide<TWide>
    {
        TWide sum = TWide.Zero;
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                sum = TWide.Add(sum, TWide.Load(x + i * inputRow + j * ImageLayout.Lanes));
        return TWide.Divide(sum, TWide.Broadcast(rows * columns));
    }
}

/// <summary>
/// dx = dy ÷ the number of a window's pixels at each of them, and 0 at pixels under no window and wherever the ReLU mask is ≤ 0.
/// </summary>
/// <remarks>One division a window.</remarks>
internal unsafe ref struct AveragePoolBackward : IKernel
{
    /// <summary>The windows.</summary>
    public required PoolShape Pool;

    /// <summary>As the pool's output.</summary>
    public required ReadOnlySpan<float> Dy;

    /// <summary>As the pool's input, where a ReLU computed it; or empty.</summary>
    public required ReadOnlySpan<float> ReluMask;

    /// <summary>As the pool's input.</summary>
    public required Span<float> Dx;

    public readonly void Check()
    {
        IKernel.Require(Pool.Fits && Pool.Size == Pool.Stride && Dy.Length >= Pool.Output.Length && Dx.Length >= Pool.Input.Length);
        IKernel.Require(ReluMask.IsEmpty || ReluMask.Length >= Pool.Input.Length);
    }

    public readonly void Reference()
    {
        Pool.Input.ClearPixels(Dx);
        for (int channel = 0; channel < Pool.Input.Channels; channel++)
            for (int row = 0; row < Pool.Output.Rows * Pool.Size; row++)
                for (int column = 0; column < Pool.Output.Columns * Pool.Size; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                    {
                        int i = Pool.Input.Offset(channel, row, column) + lane;
                        float gradient = Dy[Pool.Output.Offset(channel, row / Pool.Size, column / Pool.Size) + lane];
                        Dx[i] = ReluMask.IsEmpty || ReluMask[i] > 0 ? gradient / (Pool.Size * Pool.Size) : 0;
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        PoolShape pool = Pool;
        if (!pool.Tiles) pool.Input.ClearPixels(Dx);
        int size = pool.Size, inputRow = pool.Input.RowStride, columns = pool.Output.Columns;
        TWide count = TWide.Broadcast(size * size);
        fixed (float* dy = Dy, mask = ReluMask, dx = Dx)
            for (int channel = 0; channel < pool.Input.Channels; channel++)
                for (int row = 0; row < pool.Output.Rows; row++)
                {
                    int i = pool.Input.Offset(channel, row * size, 0);
                    float* from = dy + pool.Output.Offset(channel, row, 0);
                    for (int column = 0; column < columns; column++, from += ImageLayout.Lanes, i += size * ImageLayout.Lanes)
                        Spread(TWide.Divide(TWide.Load(from), count), mask is null ? null : mask + i, dx + i, inputRow, size, size);
                }
    }

    /// <summary>One value for every pixel of a window of any shape.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Spread<TWide>(TWide value, float* mask, float* dx, nint inputRow, int rows, int columns)
        where TWide : unmanaged, IWide<TWide>
    {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                nint pixel = i * inputRow + j * ImageLayout.Lanes;
                TWide.Store(dx + pixel, mask is null ? value : TWide.WhereGreater(TWide.Load(mask + pixel), TWide.Zero, value));
            }
    }
}
