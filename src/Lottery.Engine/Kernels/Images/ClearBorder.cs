namespace Lottery.Kernels;

/// <summary>Sets the borders of an image buffer to zero, where it held another image before. The pixels stay.</summary>
/// <remarks>
/// All that lies between one row of pixels and the next is border. Nothing is computed, so every version is this one.
/// Shape: as the layout says.
/// </remarks>
internal static unsafe class ClearBorder
{
    public static void Reference(in ImageLayout layout, float* target)
    {
        int row = layout.Columns * ImageLayout.Lanes, cleared = 0;
        for (int channel = 0; channel < layout.Channels; channel++)
            for (int i = 0; i < layout.Rows; i++)
            {
                int pixels = layout.Offset(channel, i, 0);
                new Span<float>(target + cleared, pixels - cleared).Clear();
                cleared = pixels + row;
            }
        new Span<float>(target + cleared, layout.Length - cleared).Clear();
    }
}
