namespace Lottery.Kernels.Normalization;

/// <summary>The images of a batch before and after a normalization: the same channels and pixels, each with its own border.</summary>
/// <remarks>Shapes of buffers: <c>[lane groups]</c>, each as the layout says, one after the other.</remarks>
/// <param name="Input">A lane group of x, and of dx.</param>
/// <param name="Output">A lane group of y, and of dy.</param>
internal readonly record struct NormalizationShape(ImageLayout Input, ImageLayout Output)
{
    /// <summary>Whether the two images belong together.</summary>
    public bool Fits => Input with { Border = Output.Border } == Output;

    /// <summary>Whether every count is one of lanes.</summary>
    public static bool AreCounts(ReadOnlySpan<int> validLanes) => validLanes.IndexOfAnyExceptInRange(0, ImageLayout.Lanes) < 0;

    /// <summary>Values of one channel in a batch: the pixels of all images.</summary>
    /// <param name="validLanes">How many lanes of each lane group hold an image; the rest is padding.</param>
    public int Count(ReadOnlySpan<int> validLanes)
    {
        int images = 0;
        foreach (int lanes in validLanes) images += lanes;
        return images * Input.Pixels;
    }
}
