namespace Lottery.Kernels;

/// <summary>
/// The memory layout of one lane group, sixteen images: <c>x[channel][row + border][column + border][16 lanes]</c>.
/// </summary>
/// <remarks>
/// The border is zero, so that a convolution needs no case for edges. Kernels read and write only the interior. A border
/// belongs to a buffer, and the gradient of a tensor has the tensor's layout.
/// </remarks>
/// <param name="Channels">Channels that are present, at least 1.</param>
/// <param name="Rows">Rows of a channel, without border.</param>
/// <param name="Columns">Columns of a channel, without border.</param>
/// <param name="Border">Zeros on each of the four sides of a channel.</param>
internal readonly record struct ImageLayout(int Channels, int Rows, int Columns, int Border)
{
    /// <summary>Images of a lane group: the lanes of a pixel, which are contiguous.</summary>
    public const int Lanes = 16;

    /// <summary>Values from one row to the next.</summary>
    public int RowStride => (Columns + 2 * Border) * Lanes;

    /// <summary>Values from one channel to the next.</summary>
    public int ChannelStride => (Rows + 2 * Border) * RowStride;

    /// <summary>Values of a lane group, borders included.</summary>
    public int Length => Channels * ChannelStride;

    /// <summary>Pixels of a channel, without border.</summary>
    public int Pixels => Rows * Columns;

    /// <summary>The first lane of a pixel.</summary>
    public int Offset(int channel, int row, int column) =>
        channel * ChannelStride + (row + Border) * RowStride + (column + Border) * Lanes;

    /// <summary>Sets every pixel of every channel to zero, and no value of a border.</summary>
    public void ClearPixels(Span<float> target)
    {
        for (int channel = 0; channel < Channels; channel++) ClearPixels(channel, target);
    }

    /// <summary>Sets every pixel of one channel to zero.</summary>
    public void ClearPixels(int channel, Span<float> target)
    {
        for (int row = 0; row < Rows; row++) target.Slice(Offset(channel, row, 0), Columns * Lanes).Clear();
    }
}
