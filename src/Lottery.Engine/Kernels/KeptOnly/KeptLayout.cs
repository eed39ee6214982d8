namespace Lottery.Kernels;

/// <summary>
/// Where the kept weights of a layer lie. Inputs are cut into tiles that fit the first-level cache; within a tile the
/// rows (outputs) stand by falling number of weights, so that loop lengths are predictable; within a row inputs ascend.
/// <code>
/// tile 0                                    tile 1
/// ├ segment: row 7, weights 0 … 4           ├ segment: row 2, weights 31 … 33
/// ├ segment: row 2, weights 5 … 8           …
/// </code>
/// Every row has a segment, perhaps an empty one, in the first and in the last tile. The order of rows changes no bit:
/// each row has its own sum, over its inputs in ascending order.
/// </summary>
internal unsafe struct KeptLayout
{
    /// <summary>The number of tiles, at least 1.</summary>
    public int Tiles;

    /// <summary><c>[tiles + 1]</c>: the first segment of each tile.</summary>
    public int* TileSegments;

    /// <summary><c>[segments]</c>: the row of each segment.</summary>
    public int* SegmentRows;

    /// <summary><c>[segments + 1]</c>: the first weight of each segment.</summary>
    public int* SegmentStarts;

    /// <summary><c>[kept]</c>: the input that each weight multiplies.</summary>
    public int* Inputs;

    /// <summary>The number of rows (outputs that take part).</summary>
    public int Rows;

    /// <summary>The number of kept weights.</summary>
    public int Kept;
}
