using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>Weights cut into tiles by source channel, and in each tile by target channel, those with most weights first.</summary>
/// <param name="Taps">The weights in the order in which they then lie.</param>
/// <param name="Targets">The target channel of each segment.</param>
/// <param name="Starts">The first weight of each segment, and the number of weights.</param>
/// <param name="TileSegments">The first segment of each tile, and the number of segments.</param>
internal sealed record KeptSegments(List<KeptTap> Taps, List<int> Targets, List<int> Starts, List<int> TileSegments)
{
    /// <summary>The segments of some weights.</summary>
    /// <param name="targets">For each target channel its weights, source channels ascending.</param>
    /// <param name="sources">The number of source channels.</param>
    /// <param name="tiles">The number of tiles, at least 1.</param>
    /// <param name="keepEmpty">Whether a target without weights in a tile has a segment there.</param>
    public static KeptSegments Of(IReadOnlyList<KeptTap[]> targets, int sources, int tiles, Predicate<int> keepEmpty)
    {
        var segments = new KeptSegments([], [], [0], [0]);
        int perTile = (sources + tiles - 1) / tiles;
        for (int tile = 0; tile < tiles; tile++)
        {
            int low = tile * perTile, high = low + perTile;
            var parts = targets.Select(target => Array.FindAll(target, tap => tap.Channel >= low && tap.Channel < high));
            segments.AddTile([.. parts], keepEmpty(tile));
        }
        return segments;
    }

    /// <summary>Adds one tile: for each target channel, its weights there.</summary>
    public void AddTile(IReadOnlyList<KeptTap[]> targets, bool keepEmpty)
    {
        foreach ((int target, KeptTap[] taps) in targets.Index().OrderByDescending(one => one.Item.Length).ThenBy(one => one.Index))
        {
            if (taps.Length == 0 && !keepEmpty) continue;
            Targets.Add(target);
            Taps.AddRange(taps);
            Starts.Add(Taps.Count);
        }
        TileSegments.Add(Targets.Count);
    }

    /// <summary>The segments of each tile, the target of each segment, the first weight of each segment.</summary>
    public (AlignedBuffer<int> TileSegments, AlignedBuffer<int> Targets, AlignedBuffer<int> Starts) Buffers() =>
        (Copy(TileSegments), Copy(Targets), Copy(Starts));

    /// <summary>A copy that kernels can walk.</summary>
    public static AlignedBuffer<int> Copy(IReadOnlyCollection<int> values)
    {
        var buffer = new AlignedBuffer<int>(values.Count);
        foreach ((int i, int value) in values.Index()) buffer.Span[i] = value;
        return buffer;
    }
}
