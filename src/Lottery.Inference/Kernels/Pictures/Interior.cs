namespace Lottery.Kernels;

/// <summary>The pixels of a picture, as opposed to its border.</summary>
internal static unsafe class Interior
{
    /// <summary>Sets every pixel of every channel to zero, and no value of a border.</summary>
    public static void Clear(in PictureLayout layout, float* target)
    {
        for (int channel = 0; channel < layout.Channels; channel++) Clear(layout, channel, target);
    }

    /// <summary>Sets every pixel of one channel to zero.</summary>
    public static void Clear(in PictureLayout layout, int channel, float* target)
    {
        for (int row = 0; row < layout.Rows; row++)
            new Span<float>(target + layout.Offset(channel, row, 0), layout.Columns * PictureLayout.Lanes).Clear();
    }
}
