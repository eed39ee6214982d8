using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>y = the mean of each window. Windows lie side by side: the stride is the size.</summary>
/// <remarks>
/// Order: the window's values added from +0, row by row, then divided by their number. Shapes: x and y as the pool's
/// input and output.
/// </remarks>
internal static unsafe class AveragePool
{
    public static void Reference(in PoolShape pool, float* x, float* y)
    {
        for (int channel = 0; channel < pool.Input.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
                for (int column = 0; column < pool.Output.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                        y[pool.Output.Offset(channel, row, column) + lane] = Mean(
                            x + pool.Input.Offset(channel, row * pool.Size, column * pool.Size) + lane,
                            pool.Input.RowStride, pool.Size, pool.Size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in PoolShape pool, float* x, float* y) where TWide : unmanaged, IWide<TWide>
    {
        int size = pool.Size, inputRow = pool.Input.RowStride, columns = pool.Output.Columns;
        for (int channel = 0; channel < pool.Input.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
            {
                float* from = x + pool.Input.Offset(channel, row * size, 0), to = y + pool.Output.Offset(channel, row, 0);
                for (int column = 0; column < columns; column++, from += size * ImageLayout.Lanes, to += ImageLayout.Lanes)
                    TWide.Store(to, Mean<TWide>(from, inputRow, size, size));
            }
    }

    /// <summary>The mean of one lane of a window of any shape.</summary>
    public static float Mean(float* x, int inputRow, int rows, int columns)
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
