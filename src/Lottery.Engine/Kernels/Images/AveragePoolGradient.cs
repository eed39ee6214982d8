using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// dx = dy ÷ the number of a window's pixels at each of them, and 0 at pixels under no window; with a gate, 0 wherever it
/// is ≤ 0.
/// </summary>
/// <remarks>One division a window. Shapes: gate (or null) and dx as the pool's input, dy as its output.</remarks>
internal static unsafe class AveragePoolGradient
{
    public static void Reference(in PoolShape pool, float* dy, float* gate, float* dx)
    {
        Interior.Clear(pool.Input, dx);
        for (int channel = 0; channel < pool.Input.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows * pool.Size; row++)
                for (int column = 0; column < pool.Output.Columns * pool.Size; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                    {
                        int place = pool.Input.Offset(channel, row, column) + lane;
                        float gradient = dy[pool.Output.Offset(channel, row / pool.Size, column / pool.Size) + lane];
                        dx[place] = gate is null || gate[place] > 0 ? gradient / (pool.Size * pool.Size) : 0;
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in PoolShape pool, float* dy, float* gate, float* dx) where TWide : unmanaged, IWide<TWide>
    {
        if (!pool.Tiles) Interior.Clear(pool.Input, dx);
        int size = pool.Size, inputRow = pool.Input.RowStride, columns = pool.Output.Columns;
        TWide count = TWide.Broadcast(size * size);
        for (int channel = 0; channel < pool.Input.Channels; channel++)
            for (int row = 0; row < pool.Output.Rows; row++)
            {
                int place = pool.Input.Offset(channel, row * size, 0);
                float* from = dy + pool.Output.Offset(channel, row, 0);
                for (int column = 0; column < columns; column++, from += ImageLayout.Lanes, place += size * ImageLayout.Lanes)
                    Spread(TWide.Divide(TWide.Load(from), count), gate is null ? null : gate + place, dx + place, inputRow, size, size);
            }
    }

    /// <summary>One value for every pixel of a window of any shape.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Spread<TWide>(TWide share, float* gate, float* dx, nint inputRow, int rows, int columns)
        where TWide : unmanaged, IWide<TWide>
    {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                nint place = i * inputRow + j * ImageLayout.Lanes;
                TWide.Store(dx + place, gate is null ? share : TWide.WhereGreater(TWide.Load(gate + place), TWide.Zero, share));
            }
    }
}
