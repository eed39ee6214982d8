namespace Lottery.Kernels.Pooling;

/// <summary>Square windows over an image, and the image of one pixel a window.</summary>
/// <remarks>Windows begin at row and column 0; pixels that no whole window covers are left out.</remarks>
/// <param name="Input">The image under the windows.</param>
/// <param name="Output">The image of results.</param>
/// <param name="Size">Rows and columns of a window.</param>
/// <param name="Stride">Pixels from one window to the next.</param>
internal readonly record struct PoolShape(ImageLayout Input, ImageLayout Output, int Size, int Stride)
{
    /// <summary>The windows over <paramref name="input"/>; results with a border of their own.</summary>
    public static PoolShape Over(ImageLayout input, int size, int stride, int border) =>
        new(input, new(input.Channels, Windows(input.Rows, size, stride), Windows(input.Columns, size, stride), border), size, stride);

    /// <summary>Whether the two images belong to these windows.</summary>
    public bool Fits => Size > 0 && Stride > 0 && Size <= Input.Rows && Size <= Input.Columns
        && Output == Over(Input, Size, Stride, Output.Border).Output;

    /// <summary>Whether every pixel lies under exactly one window.</summary>
    public bool Tiles => Size == Stride && Input.Rows == Output.Rows * Size && Input.Columns == Output.Columns * Size;

    private static int Windows(int pixels, int size, int stride) => (pixels - size) / stride + 1;
}
