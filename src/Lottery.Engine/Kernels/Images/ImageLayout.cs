namespace Lottery.Kernels;

/// <summary>
/// Where the values of one tile of sixteen images lie: <c>x[channel][row + border][column + border][16 lanes]</c>.
/// </summary>
/// <remarks>
/// The border is zero, so that a convolution has no case for edges. Kernels read and write the interior alone; a border
/// is a matter of each buffer, and the gradient of a signal lies as the signal does.
/// </remarks>
/// <param name="Channels">Channels that are present, at least 1.</param>
/// <param name="Rows">Rows of a channel, without border.</param>
/// <param name="Columns">Columns of a channel, without border.</param>
/// <param name="Border">Zeros on each of the four sides of a channel.</param>
internal readonly record struct ImageLayout(int Channels, int Rows, int Columns, int Border)
{
    /// <summary>Images of a tile: the lanes of a pixel, which lie together.</summary>
    public const int Lanes = 16;

    /// <summary>Values from one row to the next.</summary>
    public int RowStride => (Columns + 2 * Border) * Lanes;

    /// <summary>Values from one channel to the next.</summary>
    public int ChannelStride => (Rows + 2 * Border) * RowStride;

    /// <summary>Values of a tile, borders included.</summary>
    public int Length => Channels * ChannelStride;

    /// <summary>Pixels of a channel, without border.</summary>
    public int Pixels => Rows * Columns;

    /// <summary>The first lane of a pixel.</summary>
    public int Offset(int channel, int row, int column) =>
        channel * ChannelStride + (row + Border) * RowStride + (column + Border) * Lanes;
}
