namespace Lottery.Kernels;

/// <summary>The pixels of an image, as opposed to its border.</summary>
internal static unsafe class Interior
{
    /// <summary>Sets every pixel of every channel to zero, and no value of a border.</summary>
    public static void Clear(in ImageLayout layout, float* target)
    {
        for (int channel = 0; channel < layout.Channels; channel++) Clear(layout, channel, target);
    }

    /// <summary>Sets every pixel of one channel to zero.</summary>
    public static void Clear(in ImageLayout layout, int channel, float* target)
    {
        for (int row = 0; row < layout.Rows; row++)
            new Span<float>(target + layout.Offset(channel, row, 0), layout.Columns * ImageLayout.Lanes).Clear();
    }
}
