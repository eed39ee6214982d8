namespace Lottery.Operations;

/// <summary>The memory layout of one image: channels of rows; the values between rows and between channels are undefined.</summary>
/// <param name="Channels">Channels.</param>
/// <param name="Rows">Rows of a channel.</param>
/// <param name="Columns">Columns of a row.</param>
/// <param name="Row">Values from one row to the next.</param>
/// <param name="Channel">Values from one channel to the next.</param>
internal readonly record struct Plane(int Channels, int Rows, int Columns, int Row, int Channel)
{
    /// <summary>Row after row; each channel begins at a multiple of 16.</summary>
    public static Plane Of(int channels, int rows, int columns) => new(channels, rows, columns, columns, (rows * columns + 15) / 16 * 16);

    /// <summary>The layout of a tensor on images; empty for features.</summary>
    public static Plane Of(PlanTensor tensor) => tensor.Shape.IsFlat
        ? default
        : Of(tensor.Live.Length, tensor.Shape.Height, tensor.Shape.Width);

    /// <summary>Values in all.</summary>
    public int Length => Channels * Channel;

    /// <summary>The index of a pixel.</summary>
    public int At(int channel, int row, int column) => channel * Channel + row * Row + column;
}
