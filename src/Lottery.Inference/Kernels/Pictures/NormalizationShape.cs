namespace Lottery.Kernels;

/// <summary>The tiles of a batch before and after a normalization: the same channels and pixels, each with its own border.</summary>
/// <remarks>Shapes of buffers: <c>[tiles, …]</c>, each tile as the layout says, one after the other.</remarks>
/// <param name="Input">A tile of x, and of dx.</param>
/// <param name="Output">A tile of y, and of dy.</param>
internal readonly record struct NormalizationShape(PictureLayout Input, PictureLayout Output)
{
    /// <summary>Whether the two pictures belong together.</summary>
    public bool Fits => Input with { Border = Output.Border } == Output;

    /// <summary>Whether every count is one of lanes.</summary>
    public static bool AreCounts(ReadOnlySpan<int> live) => live.IndexOfAnyExceptInRange(0, PictureLayout.Lanes) < 0;

    /// <summary>Values of one channel in a batch: the pixels of all pictures.</summary>
    /// <param name="live">How many lanes of each tile hold a picture; the rest is padding.</param>
    public int Count(ReadOnlySpan<int> live)
    {
        int pictures = 0;
        foreach (int lanes in live) pictures += lanes;
        return pictures * Input.Pixels;
    }
}
