using System.Runtime.InteropServices;
using Lottery.Numerics;

namespace Lottery.Kernels.Sparse;

/// <summary>One kept weight as a term of one target channel's sum.</summary>
/// <param name="Channel">The source channel.</param>
/// <param name="Offset">Values from the pixel under the target's pixel to the one that the weight multiplies.</param>
/// <param name="Index">The weight's index in the order that the table is made from.</param>
internal readonly record struct OffsetWeight(int Channel, int Offset, int Index);

/// <summary>Kept weights and their offsets in a source image, for sums over a grid of target pixels.</summary>
internal sealed unsafe class SparseOffsetTable : IDisposable
{
    /// <summary>Cache lines of source pixels that stay in the first-level cache (32 KB) next to targets and weights.</summary>
    private const int LinesInTile = 420;

    /// <summary>A target visits a tile for at least so many weights on average, or the visit costs more than the cache saves.</summary>
    private const int WeightsInVisit = 12;

    private readonly AlignedBuffer<int> _tileSegments, _segmentTargets, _segmentStarts, _offsets, _indices;

    /// <summary>The tables of <paramref name="targets"/>.</summary>
    /// <param name="targets">For each target channel its weights, source channels ascending.</param>
    /// <param name="sources">The number of source channels.</param>
    /// <param name="lines">The pixels of one source channel under a block of target pixels.</param>
    /// <param name="geometry">Grid and strides.</param>
    public SparseOffsetTable(IReadOnlyList<OffsetWeight[]> targets, int sources, int lines, in SparseOffsetLayout geometry)
    {
        Kept = targets.Sum(target => target.Length);
        int tiles = TilesOf(Kept, targets.Count, sources, lines);
        var segments = OffsetSegments.Cut(targets, sources, tiles, keepEmpty: tile => tile == 0 || tile == tiles - 1);
        (_tileSegments, _segmentTargets, _segmentStarts) = segments.Buffers();
        (_offsets, _indices) = (new(Kept), new(Kept));
        Span<int> offsets = _offsets.Span, indices = _indices.Span;
        ReadOnlySpan<OffsetWeight> weights = CollectionsMarshal.AsSpan(segments.Weights);
        for (int k = 0; k < weights.Length; k++) (offsets[k], indices[k]) = (weights[k].Offset, weights[k].Index);
        Layout = geometry with
        {
            Tiles = tiles, TileSegments = _tileSegments.Pointer, SegmentTargets = _segmentTargets.Pointer,
            SegmentStarts = _segmentStarts.Pointer, Offsets = _offsets.Pointer, Targets = targets.Count, Sources = sources,
        };
    }

    /// <summary>The number of weights.</summary>
    public int Kept { get; }

    /// <summary>The table's addresses.</summary>
    public SparseOffsetLayout Layout { get; }

    /// <summary><c>[kept]</c>: for each weight in the order of this table, its <see cref="OffsetWeight.Index"/>.</summary>
    public ReadOnlySpan<int> Indices => _indices.Span;

    /// <summary>Into how many tiles the source channels are cut.</summary>
    /// <param name="kept">The number of weights.</param>
    /// <param name="targets">The number of target channels.</param>
    /// <param name="sources">The number of source channels.</param>
    /// <param name="lines">The pixels of one source channel under a block of target pixels.</param>
    public static int TilesOf(int kept, int targets, int sources, int lines) => Math.Clamp(
        kept / Math.Max(1, WeightsInVisit * targets), 1, Math.Max(1, (sources * lines + LinesInTile - 1) / LinesInTile));

    public void Dispose()
    {
        foreach (AlignedBuffer<int> buffer in (AlignedBuffer<int>[])[_tileSegments, _segmentTargets, _segmentStarts, _offsets, _indices])
            buffer.Dispose();
    }
}

/// <summary>
/// Addresses of sums over kept weights for a grid of pixels: <c>target[channel][row][column] = Σ weight[k] ×
/// source[offset[k] + row, column]</c>. A forward convolution is one such sum; the gradient at the input of one with stride
/// s is s × s of them, one for each remainder of row and column.
/// </summary>
/// <remarks>
/// <code>
/// tile 0 (source channels 0 … 17)           tile 1 (source channels 18 … 35)
/// ├ segment: target 7, weights 0 … 30       ├ segment: target 2, weights 91 … 119
/// ├ segment: target 2, weights 31 … 58      …
/// </code>
/// Source channels are cut into tiles of which the pixels under a block stay in the first-level cache. Within a tile,
/// targets are sorted by falling number of weights, so that loop lengths are predictable; within a target, weights ascend by
/// source channel, kernel row and kernel column. Every target has a segment, perhaps an empty one, in the first and in the
/// last tile. Neither the tiles nor the order of targets changes any bit: each target pixel has its own sum.
/// </remarks>
internal unsafe struct SparseOffsetLayout
{
    /// <summary>The number of tiles, at least 1.</summary>
    public int Tiles;

    /// <summary><c>[tiles + 1]</c>: the first segment of each tile.</summary>
    public int* TileSegments;

    /// <summary><c>[segments]</c>: the target channel of each segment.</summary>
    public int* SegmentTargets;

    /// <summary><c>[segments + 1]</c>: the first weight of each segment.</summary>
    public int* SegmentStarts;

    /// <summary><c>[kept]</c>: values from the source pixel of a target pixel to the one that the weight multiplies.</summary>
    public int* Offsets;

    /// <summary>The number of target channels, and of source channels.</summary>
    public int Targets, Sources;

    /// <summary>Rows and columns of the grid.</summary>
    public int Rows, Columns;

    /// <summary>Values from the source's start to the pixel under the grid's first pixel, and from one row and one column to the next.</summary>
    public nint SourceStart, SourceRow, SourceColumn;

    /// <summary>Values from one source channel to the next.</summary>
    public nint SourceChannel;

    /// <summary>
    /// Values from the source pixel of a block's first pixel to the first that a block below and to the right of others is the first to
    /// read: two rows, one pixel for each column; or 0 where that would be of no use.
    /// </summary>
    public nint SourceAhead;

    /// <summary>Values from the target's start to the grid's first pixel, and from one channel, row and column to the next.</summary>
    public nint TargetStart, TargetChannel, TargetRow, TargetColumn;
}

/// <summary>Weights cut into tiles by source channel, and in each tile by target channel, those with most weights first.</summary>
/// <param name="Weights">The weights in the resulting order.</param>
/// <param name="Targets">The target channel of each segment.</param>
/// <param name="Starts">The first weight of each segment, and the number of weights.</param>
/// <param name="TileSegments">The first segment of each tile, and the number of segments.</param>
internal sealed record OffsetSegments(List<OffsetWeight> Weights, List<int> Targets, List<int> Starts, List<int> TileSegments)
{
    /// <summary>Cuts weights into segments.</summary>
    /// <param name="targets">For each target channel its weights, source channels ascending.</param>
    /// <param name="sources">The number of source channels.</param>
    /// <param name="tiles">The number of tiles, at least 1.</param>
    /// <param name="keepEmpty">Whether a target without weights in a tile has a segment there.</param>
    public static OffsetSegments Cut(IReadOnlyList<OffsetWeight[]> targets, int sources, int tiles, Predicate<int> keepEmpty)
    {
        var segments = new OffsetSegments([], [], [0], [0]);
        int perTile = (sources + tiles - 1) / tiles;
        var done = new int[targets.Count];
        var parts = new OffsetWeight[targets.Count][];
        for (int tile = 0; tile < tiles; tile++)
        {
            for (int target = 0; target < parts.Length; target++)
            {
                OffsetWeight[] weights = targets[target];
                int start = done[target], end = start;
                while (end < weights.Length && weights[end].Channel < (tile + 1) * perTile) end++;
                (parts[target], done[target]) = (weights[start..end], end);
            }
            segments.AddTile(parts, keepEmpty(tile));
        }
        return segments;
    }

    /// <summary>Adds one tile: for each target channel, its weights there.</summary>
    public void AddTile(IReadOnlyList<OffsetWeight[]> targets, bool keepEmpty)
    {
        foreach ((int target, OffsetWeight[] weights) in targets.Index().OrderByDescending(one => one.Item.Length).ThenBy(one => one.Index))
        {
            if (weights.Length == 0 && !keepEmpty) continue;
            Targets.Add(target);
            Weights.AddRange(weights);
            Starts.Add(Weights.Count);
        }
        TileSegments.Add(Targets.Count);
    }

    /// <summary>The segments of each tile, the target of each segment, the first weight of each segment.</summary>
    public (AlignedBuffer<int> TileSegments, AlignedBuffer<int> Targets, AlignedBuffer<int> Starts) Buffers() =>
        (Copy(TileSegments), Copy(Targets), Copy(Starts));

    /// <summary>A copy in aligned memory.</summary>
    public static AlignedBuffer<int> Copy(IReadOnlyCollection<int> values)
    {
        var buffer = new AlignedBuffer<int>(values.Count);
        foreach ((int i, int value) in values.Index()) buffer.Span[i] = value;
        return buffer;
    }
}
