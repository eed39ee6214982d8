using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>dx = dy[unit] at the unit's pixel and 0 at pixels without a unit; with a gate, 0 wherever it is ≤ 0.</summary>
/// <remarks>
/// Nothing is computed. Shapes: offsets <c>[units]</c> into gate (or null) and dx, which are image buffers; dy
/// <c>[units, lanes]</c>, of which lanes 0 … 15 from the address given are read. Where every pixel has a unit, dx need
/// not be cleared first.
/// </remarks>
internal static unsafe class FlattenGradient
{
    public static void Reference(in ImageLayout layout, int* offsets, int units, float* dy, int lanes, float* gate, float* dx)
    {
        Interior.Clear(layout, dx);
        for (int unit = 0; unit < units; unit++)
            for (int lane = 0; lane < ImageLayout.Lanes; lane++)
            {
                int place = offsets[unit] + lane;
                dx[place] = gate is null || gate[place] > 0 ? dy[unit * lanes + lane] : 0;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in ImageLayout layout, int* offsets, int units, float* dy, int lanes, float* gate, float* dx)
        where TWide : unmanaged, IWide<TWide>
    {
        if (units < layout.Channels * layout.Pixels) Interior.Clear(layout, dx);
        for (int unit = 0; unit < units; unit++, dy += lanes)
        {
            TWide gradient = TWide.Load(dy);
            int place = offsets[unit];
            TWide.Store(dx + place, gate is null ? gradient : TWide.WhereGreater(TWide.Load(gate + place), TWide.Zero, gradient));
        }
    }
}
