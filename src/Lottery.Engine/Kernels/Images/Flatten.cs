namespace Lottery.Kernels;

/// <summary>y[unit] = x at the unit's pixel: from a tile of images to its sixteen lanes of a flat tile.</summary>
/// <remarks>
/// Nothing is computed. Shapes: offsets <c>[units]</c> into x, which is an image buffer; y <c>[units, lanes]</c>, of which
/// lanes 0 … 15 from the address given are written.
/// </remarks>
internal static unsafe class Flatten
{
    public static void Reference(int* offsets, int units, float* x, float* y, int lanes)
    {
        for (int unit = 0; unit < units; unit++)
            for (int lane = 0; lane < ImageLayout.Lanes; lane++)
                y[unit * lanes + lane] = x[offsets[unit] + lane];
    }

    public static void Fast<TWide>(int* offsets, int units, float* x, float* y, int lanes) where TWide : unmanaged, IWide<TWide>
    {
        for (int unit = 0; unit < units; unit++, y += lanes) TWide.Store(y, TWide.Load(x + offsets[unit]));
    }
}
