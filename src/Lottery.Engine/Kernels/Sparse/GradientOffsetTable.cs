using Lottery.Kernels.Convolution;
using Lottery.Numerics;

namespace Lottery.Kernels.Sparse;

/// <summary>The kept weights of a convolution in the order in which their gradient is summed.</summary>
internal sealed unsafe class GradientOffsetTable : IDisposable
{
    /// <summary>Cache lines of input pixels that stay in the first-level cache (32 KB).</summary>
    private const int LinesInTile = 420;

    /// <summary>Weights of which the sums, 64 bytes each, stay in the second-level cache (1 MB) next to dy and x.</summary>
    private const int WeightsInGroup = 6144;

    /// <summary>An output visits a tile for at least so many weights on average.</summary>
    private const int WeightsInVisit = 8;

    private readonly AlignedBuffer<int> _tileSegments, _segmentOutputs, _segmentStarts, _offsets, _indices;

    /// <summary>The tables of <paramref name="outputs"/>.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="outputs">For each output channel its weights, input channels ascending.</param>
    public GradientOffsetTable(in ConvolutionShape shape, IReadOnlyList<OffsetWeight[]> outputs)
    {
        int kept = outputs.Sum(output => output.Length), side = (SparseConvolutionWeightGradient.Block - 1) * shape.Stride + shape.Kernel;
        int most = Math.Max(1, (shape.Inputs * side * side + LinesInTile - 1) / LinesInTile);
        int tiles = Math.Clamp(kept / Math.Max(1, WeightsInVisit * outputs.Count), 1, most);
        int inGroup = (int)Math.Clamp((long)WeightsInGroup * tiles / Math.Max(1, kept), 1, tiles);
        var segments = OffsetSegments.Cut(outputs, shape.Inputs, tiles, keepEmpty: _ => false);
        (_tileSegments, _segmentOutputs, _segmentStarts) = segments.Buffers();
        _offsets = OffsetSegments.Copy([.. segments.Weights.Select(weight => weight.Offset)]);
        _indices = OffsetSegments.Copy([.. segments.Weights.Select(weight => weight.Index)]);
        Layout = new()
        {
            Tiles = tiles, TilesInGroup = inGroup, TileSegments = _tileSegments.Pointer,
            SegmentOutputs = _segmentOutputs.Pointer, SegmentStarts = _segmentStarts.Pointer, Offsets = _offsets.Pointer,
            Indices = _indices.Pointer, Shape = shape, GradientChannel = shape.OutputChannel, GradientRow = shape.OutputRow,
        };
        MostWeights = Enumerable.Range(0, (tiles + inGroup - 1) / inGroup).Max(group =>
            Layout.FirstWeight(Math.Min((group + 1) * inGroup, tiles)) - Layout.FirstWeight(group * inGroup));
        MostInTile = Enumerable.Range(0, tiles).Max(tile => Layout.FirstWeight(tile + 1) - Layout.FirstWeight(tile));
    }

    /// <summary>The table's addresses.</summary>
    public GradientOffsetLayout Layout { get; }

    /// <summary>The number of weights of the largest group of tiles.</summary>
    public int MostWeights { get; }

    /// <summary>The number of weights of the largest tile.</summary>
    public int MostInTile { get; }

    public void Dispose()
    {
        foreach (AlignedBuffer<int> buffer in (AlignedBuffer<int>[])
                 [_tileSegments, _segmentOutputs, _segmentStarts, _offsets, _indices])
            buffer.Dispose();
    }
}

/// <summary>
/// Addresses of a convolution's kept weights as their gradient is summed: <c>gradient[index[k]] = Σ dy[output(k)] ×
/// x[offset[k]]</c> over pixels.
/// </summary>
/// <remarks>
/// <code>
/// tile 0 (input channels 0 … 11)            tile 1 (input channels 12 … 23)
/// ├ segment: output 7, weights 0 … 20       ├ segment: output 2, weights 61 … 79
/// ├ segment: output 2, weights 21 … 40      …
/// </code>
/// Input channels are cut into tiles of which the pixels under a block of 4 × 4 stay in the first-level cache. Within a
/// tile, outputs are sorted by falling number of weights; an output without any has no segment there. The order of weights
/// changes no bit: each has its own sum.
/// </remarks>
internal unsafe struct GradientOffsetLayout
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

    /// <summary><c>[kept]</c>: the index of each weight in stored order.</summary>
    public int* Indices;

    /// <summary>The convolution.</summary>
    public ConvolutionShape Shape;

    /// <summary>Values from one channel and from one row of dy to the next.</summary>
    public nint GradientChannel, GradientRow;

    /// <summary>The first weight of a tile.</summary>
    public readonly int FirstWeight(int tile) => SegmentStarts[TileSegments[tile]];

    /// <summary>
    /// The first segment of a tile that part <paramref name="part"/> of <paramref name="parts"/> sums: parts have about as
    /// many weights.
    /// </summary>
    public readonly int First(int tile, int part, int parts)
    {
        int start = FirstWeight(tile), weights = FirstWeight(tile + 1) - start, segment = TileSegments[tile];
        while (segment < TileSegments[tile + 1] && (SegmentStarts[segment] - start) * (long)parts < weights * (long)part) segment++;
        return segment;
    }
}
