using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>y[channel] = the mean of a channel's pixels: from a tile of images to its sixteen lanes of a flat tile.</summary>
/// <remarks>
/// Order: as <see cref="AveragePool"/>, with one window for the whole channel. Shapes: x as the layout says; y
/// <c>[channels, lanes]</c>, of which lanes 0 … 15 from the address given are written.
/// </remarks>
internal static unsafe class GlobalAverage
{
    public static void Reference(in ImageLayout layout, float* x, float* y, int lanes)
    {
        for (int channel = 0; channel < layout.Channels; channel++)
            for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                y[channel * lanes + lane] = AveragePool.Mean(
                    x + layout.Offset(channel, 0, 0) + lane, layout.RowStride, layout.Rows, layout.Columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in ImageLayout layout, float* x, float* y, int lanes) where TWide : unmanaged, IWide<TWide>
    {
        for (int channel = 0; channel < layout.Channels; channel++)
            TWide.Store(y + (nint)channel * lanes, AveragePool.Mean<TWide>(
                x + layout.Offset(channel, 0, 0), layout.RowStride, layout.Rows, layout.Columns));
    }
}
