using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>dx = dy[channel] ÷ the number of a channel's pixels at each of them; with a gate, 0 wherever it is ≤ 0.</summary>
/// <remarks>
/// One division a channel. Shapes: dy <c>[channels, lanes]</c>, of which lanes 0 … 15 from the address given are read;
/// gate (or null) and dx as the layout says.
/// </remarks>
internal static unsafe class GlobalAverageGradient
{
    public static void Reference(in ImageLayout layout, float* dy, int lanes, float* gate, float* dx)
    {
        for (int channel = 0; channel < layout.Channels; channel++)
            for (int row = 0; row < layout.Rows; row++)
                for (int column = 0; column < layout.Columns; column++)
                    for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                    {
                        int place = layout.Offset(channel, row, column) + lane;
                        dx[place] = gate is null || gate[place] > 0 ? dy[channel * lanes + lane] / layout.Pixels : 0;
                    }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in ImageLayout layout, float* dy, int lanes, float* gate, float* dx)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide count = TWide.Broadcast(layout.Pixels);
        for (int channel = 0; channel < layout.Channels; channel++)
        {
            int place = layout.Offset(channel, 0, 0);
            AveragePoolGradient.Spread(
                TWide.Divide(TWide.Load(dy + (nint)channel * lanes), count), gate is null ? null : gate + place, dx + place,
                layout.RowStride, layout.Rows, layout.Columns);
        }
    }
}
