using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>One kept weight, as one target channel's sum sees it.</summary>
/// <param name="Channel">The source channel.</param>
/// <param name="Offset">Values from the pixel under the target's to the one that the weight multiplies.</param>
/// <param name="Place">Where the weight lies in the order that the table is made from.</param>
internal readonly record struct KeptTap(int Channel, int Offset, int Place);

/// <summary>Builds and owns what a <see cref="KeptStencil"/> walks.</summary>
internal sealed unsafe class KeptStencilTable : IDisposable
{
    /// <summary>Cache lines of source pixels that stay in the first-level cache (32 KB) beside targets and weights.</summary>
    private const int LinesInTile = 420;

    /// <summary>A target visits a tile for at least so many weights on average, or the visit costs more than the cache saves.</summary>
    private const int WeightsInVisit = 12;

    private readonly AlignedBuffer<int> _tileSegments, _segmentTargets, _segmentStarts, _offsets, _places;

    /// <summary>The tables of <paramref name="targets"/>.</summary>
    /// <param name="targets">For each target channel its weights, source channels ascending.</param>
    /// <param name="sources">The number of source channels.</param>
    /// <param name="lines">The pixels of one source channel under a block of target pixels.</param>
    /// <param name="geometry">Grid and strides.</param>
    public KeptStencilTable(IReadOnlyList<KeptTap[]> targets, int sources, int lines, in KeptStencil geometry)
    {
        Kept = targets.Sum(target => target.Length);
        int most = Math.Max(1, (sources * lines + LinesInTile - 1) / LinesInTile);
        int tiles = Math.Clamp(Kept / Math.Max(1, WeightsInVisit * targets.Count), 1, most);
        var segments = KeptSegments.Of(targets, sources, tiles, keepEmpty: tile => tile == 0 || tile == tiles - 1);
        (_tileSegments, _segmentTargets, _segmentStarts) = segments.Buffers();
        (_offsets, _places) = (new(Kept), new(Kept));
        foreach ((int k, KeptTap tap) in segments.Taps.Index()) (_offsets.Span[k], _places.Span[k]) = (tap.Offset, tap.Place);
        Stencil = geometry with
        {
            Tiles = tiles, TileSegments = _tileSegments.Pointer, SegmentTargets = _segmentTargets.Pointer,
            SegmentStarts = _segmentStarts.Pointer, Offsets = _offsets.Pointer, Targets = targets.Count,
        };
    }

    /// <summary>The number of weights.</summary>
    public int Kept { get; }

    /// <summary>What kernels walk.</summary>
    public KeptStencil Stencil { get; }

    /// <summary><c>[kept]</c>: for each weight in the order of this table, its <see cref="KeptTap.Place"/>.</summary>
    public ReadOnlySpan<int> Places => _places.Span;

    public void Dispose()
    {
        foreach (AlignedBuffer<int> buffer in (AlignedBuffer<int>[])[_tileSegments, _segmentTargets, _segmentStarts, _offsets, _places])
            buffer.Dispose();
    }
}
