namespace Lottery.Kernels;

/// <summary>
/// Sums over kept weights for a grid of pixels: <c>target[channel][row][column] = Σ weight[k] × source[offset[k] + row,
/// column]</c>. A forward convolution is one such sum; the gradient at the input of one with stride s is s × s of them,
/// one for each remainder of row and column.
/// <code>
/// tile 0 (source channels 0 … 17)           tile 1 (source channels 18 … 35)
/// ├ segment: target 7, weights 0 … 30       ├ segment: target 2, weights 91 … 119
/// ├ segment: target 2, weights 31 … 58      …
/// </code>
/// Source channels are cut into tiles of which the pixels under a block stay in the first-level cache. Within a tile the
/// targets stand by falling number of weights, so that loop lengths are predictable; within a target, weights ascend by
/// source channel, kernel row and kernel column. Every target has a segment, perhaps an empty one, in the first and in the
/// last tile. Neither the tiles nor the order of targets changes any bit: each target pixel has its own sum.
/// </summary>
internal unsafe struct KeptStencil
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

    /// <summary>The number of target channels.</summary>
    public int Targets;

    /// <summary>Rows and columns of the grid.</summary>
    public int Rows, Columns;

    /// <summary>Values from the source's start to the pixel under the grid's first, and from one row, one column to the next.</summary>
    public nint SourceStart, SourceRow, SourceColumn;

    /// <summary>Values from the target's start to the grid's first pixel, and from one channel, row, column to the next.</summary>
    public nint TargetStart, TargetChannel, TargetRow, TargetColumn;
}
