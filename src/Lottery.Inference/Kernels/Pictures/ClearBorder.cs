namespace Lottery.Kernels;

/// <summary>Sets the borders of a picture buffer to zero, where it held another picture before. The pixels stay.</summary>
/// <remarks>Nothing is computed, so every version is this one. Shape: as the layout says.</remarks>
internal static unsafe class ClearBorder
{
    public static void Reference(in PictureLayout layout, float* target)
    {
        int side = layout.Border * PictureLayout.Lanes, inner = layout.Columns * PictureLayout.Lanes, row = layout.RowStride;
        for (int channel = 0; channel < layout.Channels; channel++)
        {
            float* start = target + channel * layout.ChannelStride;
            for (int edge = 0; edge < layout.Border; edge++)
            {
                new Span<float>(start + edge * row, row).Clear();
                new Span<float>(start + (edge + layout.Border + layout.Rows) * row, row).Clear();
            }
            for (int line = layout.Border; line < layout.Border + layout.Rows; line++)
            {
                new Span<float>(start + line * row, side).Clear();
                new Span<float>(start + line * row + side + inner, side).Clear();
            }
        }
    }
}
