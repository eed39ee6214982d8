namespace Lottery.Plans;

/// <summary>
/// How the examples of a batch lie in tiles: as even as they go into tiles of at most 64 lanes for plain units, and each
/// sixteen lanes of those are one tile of images.
/// </summary>
internal sealed class BatchTiles
{
    private const int ImageLanes = 16;
    private readonly int[] _live;
    private int _count = -1;

    /// <summary>The tiles of at most <paramref name="batch"/> examples.</summary>
    public BatchTiles(int batch)
    {
        (Batch, Tiles) = (batch, (batch + LayerPlan.MostLanes - 1) / LayerPlan.MostLanes);
        _live = new int[ImageTiles];
        Count = batch;
    }

    /// <summary>The most examples at once.</summary>
    public int Batch { get; }

    /// <summary>The examples that are there now.</summary>
    public int Count
    {
        get => _count;
        set
        {
            if (_count == value) return;
            _count = value;
            for (int tile = 0; tile < _live.Length; tile++) _live[tile] = OfImages(tile).GetOffsetAndLength(value).Length;
        }
    }

    /// <summary>Tiles of plain units.</summary>
    public int Tiles { get; }

    /// <summary>Examples of every tile but perhaps the last.</summary>
    public int InTile => (Batch + Tiles - 1) / Tiles;

    /// <summary>Lanes of a tile of plain units, padding included: a multiple of 16.</summary>
    public int Lanes => LayerPlan.Padded(InTile);

    /// <summary>Tiles of images in one of plain units.</summary>
    public int ImagesInTile => Lanes / ImageLanes;

    /// <summary>Tiles of images.</summary>
    public int ImageTiles => Tiles * ImagesInTile;

    /// <summary>The examples of a tile of plain units.</summary>
    public Range Of(int tile)
    {
        int start = Math.Min(tile * InTile, Count);
        return start..Math.Min(start + InTile, Count);
    }

    /// <summary>The examples of a tile of images.</summary>
    public Range OfImages(int imageTile)
    {
        (int start, int length) = Of(imageTile / ImagesInTile).GetOffsetAndLength(Count);
        int first = Math.Min(imageTile % ImagesInTile * ImageLanes, length);
        return (start + first)..(start + Math.Min(first + ImageLanes, length));
    }

    /// <summary>For each tile of images how many of its lanes are examples; the others are padding.</summary>
    public ReadOnlySpan<int> Live => _live;
}
