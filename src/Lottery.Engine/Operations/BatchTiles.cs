namespace Lottery.Operations;

/// <summary>
/// How the examples of a batch are divided into tiles. Features: as evenly as possible into tiles of at most 64 lanes.
/// Images: every 16 lanes of such a tile are one image tile.
/// </summary>
internal sealed class BatchTiles
{
    /// <summary>The most lanes of a feature tile; a larger batch has several tiles.</summary>
    public const int MaxLanes = 64;

    private const int ImageLanes = 16;
    private readonly int[] _validLanes;
    private int _count = -1;

    /// <summary>The tiles of at most <paramref name="batch"/> examples.</summary>
    public BatchTiles(int batch)
    {
        (Batch, Tiles) = (batch, (batch + MaxLanes - 1) / MaxLanes);
        _validLanes = new int[ImageTiles];
        Count = batch;
    }

    /// <summary>The most examples of a batch.</summary>
    public int Batch { get; }

    /// <summary>The examples of the current batch, at most <see cref="Batch"/>.</summary>
    public int Count
    {
        get => _count;
        set
        {
            if (_count == value) return;
            _count = value;
            for (int tile = 0; tile < _validLanes.Length; tile++) _validLanes[tile] = ImageExamples(tile).GetOffsetAndLength(value).Length;
        }
    }

    /// <summary>The number of feature tiles.</summary>
    public int Tiles { get; }

    /// <summary>Examples of every feature tile except possibly the last.</summary>
    public int ExamplesPerTile => (Batch + Tiles - 1) / Tiles;

    /// <summary>Lanes of a feature tile, padding included: a multiple of 16.</summary>
    public int Lanes => Operation.Padded(ExamplesPerTile);

    /// <summary>Image tiles of one feature tile.</summary>
    public int ImageTilesPerTile => Lanes / ImageLanes;

    /// <summary>The number of image tiles.</summary>
    public int ImageTiles => Tiles * ImageTilesPerTile;

    /// <summary>For each image tile the number of lanes that hold an example; the other lanes are padding.</summary>
    public ReadOnlySpan<int> ValidLanes => _validLanes;

    /// <summary>The examples of a feature tile.</summary>
    public Range Examples(int tile)
    {
        int start = Math.Min(tile * ExamplesPerTile, Count);
        return start..Math.Min(start + ExamplesPerTile, Count);
    }

    /// <summary>The examples of an image tile.</summary>
    public Range ImageExamples(int imageTile)
    {
        (int start, int length) = Examples(imageTile / ImageTilesPerTile).GetOffsetAndLength(Count);
        int first = Math.Min(imageTile % ImageTilesPerTile * ImageLanes, length);
        return (start + first)..(start + Math.Min(first + ImageLanes, length));
    }
}
