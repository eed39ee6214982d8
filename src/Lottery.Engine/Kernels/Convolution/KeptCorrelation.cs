namespace Lottery.Kernels;

/// <summary>
/// The kept weights of a convolution as their gradient is summed: <c>gradient[place[k]] = Σ dy[output(k)] × x[offset[k]]</c>
/// over pixels.
/// <code>
/// tile 0 (input channels 0 … 11)            tile 1 (input channels 12 … 23)
/// ├ segment: output 7, weights 0 … 20       ├ segment: output 2, weights 61 … 79
/// ├ segment: output 2, weights 21 … 40      …
/// </code>
/// Input channels are cut into tiles of which the pixels under a block of 4 × 4 stay in the first-level cache. Within a
/// tile the outputs stand by falling number of weights; an output without any has no segment there. The order of weights
/// changes no bit: each has its own sum.
/// </summary>
internal unsafe struct KeptCorrelation
{
    /// <summary>The number of tiles, at least 1.</summary>
    public int Tiles;

    /// <summary>Tiles of which the sums stay in the second-level cache.</summary>
    public int TilesInGroup;

    /// <summary><c>[tiles + 1]</c>: the first segment of each tile.</summary>
    public int* TileSegments;

    /// <summary><c>[segments]</c>: the output channel of each segment.</summary>
    public int* SegmentOutputs;

    /// <summary><c>[segments + 1]</c>: the first weight of each segment.</summary>
    public int* SegmentStarts;

    /// <summary>
    /// <c>[kept]</c>: values from the first x under an output pixel's kernel, in the first channel, to the one that the weight multiplies.
    /// </summary>
    public int* Offsets;

    /// <summary><c>[kept]</c>: the place of each weight in the layer's values.</summary>
    public int* Places;

    /// <summary>The convolution.</summary>
    public ConvolutionShape Shape;

    /// <summary>Values from one channel and from one row of dy to the next.</summary>
    public nint GradientChannel, GradientRow;

    /// <summary>The first weight of a tile.</summary>
    public readonly int FirstWeight(int tile) => SegmentStarts[TileSegments[tile]];

    /// <summary>
    /// The first segment of a tile that share <paramref name="share"/> of <paramref name="shares"/> sums: shares have about
    /// as many weights.
    /// </summary>
    public readonly int First(int tile, int share, int shares)
    {
        int start = FirstWeight(tile), weights = FirstWeight(tile + 1) - start, segment = TileSegments[tile];
        while (segment < TileSegments[tile + 1] && (SegmentStarts[segment] - start) * (long)shares < weights * (long)share) segment++;
        return segment;
    }
}
