namespace Lottery.Kernels;

/// <summary>The pixels that a flat layer reads: unit u of a flat tile is the u-th of them.</summary>
internal sealed class ImagePlaces
{
    private readonly int[] _offsets;

    /// <param name="layout">The image.</param>
    /// <param name="pixels">
    /// Ascending numbers of pixels, (channel × rows + row) × columns + column: PyTorch's order of a flattened image.
    /// </param>
    /// <exception cref="ArgumentException">A number is not in the image, or not above the one before it.</exception>
    public ImagePlaces(ImageLayout layout, ReadOnlySpan<int> pixels)
    {
        Layout = layout;
        _offsets = new int[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] <= (i == 0 ? -1 : pixels[i - 1]) || pixels[i] >= layout.Channels * layout.Pixels)
                throw new ArgumentException($"Pixel {pixels[i]} at place {i} is not above the one before it, or not in the image.");
            int row = pixels[i] / layout.Columns;
            _offsets[i] = layout.Offset(row / layout.Rows, row % layout.Rows, pixels[i] % layout.Columns);
        }
    }

    /// <summary>The image that the pixels are in.</summary>
    public ImageLayout Layout { get; }

    /// <summary>The first lane of each pixel in an image buffer.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>Whether every pixel of the image is read.</summary>
    public bool All => _offsets.Length == Layout.Channels * Layout.Pixels;
}
