using System.Runtime.CompilerServices;
using Lottery.Kernels.Sparse;
using Lottery.Numerics;

namespace Lottery.Kernels.Prediction;

/// <summary>The kept weights of a convolution of a single image, cut into tiles and segments as <see cref="SparseOffsetLayout"/> states.</summary>
internal sealed unsafe class SingleConvolutionTable : IDisposable
{
    private const int Lanes = 16, MostVectors = 8;
    private readonly AlignedBuffer<int> _tileSegments, _segmentTargets, _segmentStarts, _offsets;
    private readonly AlignedBuffer<float> _weights, _bias;
    private readonly bool _biased;

    /// <summary>The table of some weights.</summary>
    /// <param name="targets">The weights of each target channel, by source channel, kernel row and kernel column.</param>
    /// <param name="weights">The tensor that they are in.</param>
    /// <param name="offsets">For each position of a weight the value of the source that it multiplies for a target's first pixel.</param>
    /// <param name="sources">The first position of each source channel, ascending.</param>
    /// <param name="bias"><c>[targets]</c>, or empty for +0.</param>
    /// <param name="spread">Lanes from the first of a source channel that a weight multiplies to the last.</param>
    /// <param name="span">Lanes from an image's first pixel to its last, borders between rows included.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SingleConvolutionTable(
        KeptRows targets, ReadOnlySpan<float> weights, ReadOnlySpan<int> offsets, ReadOnlySpan<int> sources, ReadOnlySpan<float> bias, int spread,
        int span)
    {
        int vectors = (span + Lanes - 1) / Lanes, blocks = (vectors + MostVectors - 1) / MostVectors;
        foreach (int width in SingleConvolutionForward.Widths)
            if (Width < (vectors + blocks - 1) / blocks) Width = width;
        SpanLength = blocks * Width * Lanes;
        (Targets, _biased) = (targets.Count, !bias.IsEmpty);
        var lengths = new int[Targets];
        for (int target = 0; target < Targets; target++) lengths[target] = targets.CountIn(target, 0, int.MaxValue);
        int kept = lengths.Sum(), tiles = SparseOffsetTable.TilesOf(kept, Targets, sources.Length, Width + spread / Lanes + 1);
        (_offsets, _weights, _bias) = (new(kept), new(kept), new(bias.Length));
        bias.CopyTo(_bias.Span);

        List<int> segmentTargets = [], segmentStarts = [0], tileSegments = [0];
        int[] order = new int[Targets], found = new int[targets.Length];
        int next = 0, first = 0, perTile = (sources.Length + tiles - 1) / tiles;
        for (int tile = 0; tile < tiles; tile++)
        {
            int end = (tile + 1) * perTile < sources.Length ? sources[(tile + 1) * perTile] : int.MaxValue;
            for (int target = 0; target < Targets; target++)
                (order[target], lengths[target]) = (target, targets.CountIn(target, first, end));
            // Those with most weights first, and of equals the first: by length and index as one number.
            Array.Sort(Array.ConvertAll(order, target => (long)-lengths[target] * Targets + target), order);
            foreach (int target in order)
            {
                if (lengths[target] == 0 && tile > 0 && tile < tiles - 1) continue;
                ReadOnlySpan<int> positions = targets.Positions(target, first, end, found, out int origin);
                Span<int> segmentOffsets = _offsets.Span.Slice(next, positions.Length);
                Span<float> segmentWeights = _weights.Span.Slice(next, positions.Length);
                for (int k = 0; k < positions.Length; k++)
                    (segmentOffsets[k], segmentWeights[k]) = (offsets[positions[k]], weights[origin + positions[k]]);
                next += positions.Length;
                segmentTargets.Add(target);
                segmentStarts.Add(next);
            }
            tileSegments.Add(segmentTargets.Count);
            first = end;
        }
        (_tileSegments, _segmentTargets, _segmentStarts) =
            (OffsetSegments.Copy(tileSegments), OffsetSegments.Copy(segmentTargets), OffsetSegments.Copy(segmentStarts));
        int reach = 0;
        foreach (int offset in _offsets.Span) reach = Math.Max(reach, offset);
        SourceLength = reach + SpanLength;
        Layout = new()
        {
            Rows = 1, Columns = SpanLength, TargetChannel = SpanLength, Targets = Targets, Tiles = tiles, TileSegments = _tileSegments.Pointer,
            SegmentTargets = _segmentTargets.Pointer, SegmentStarts = _segmentStarts.Pointer, Offsets = _offsets.Pointer,
        };
    }

    /// <summary>Vectors of a block.</summary>
    public int Width { get; }

    /// <summary>Lanes of a target channel's span, those that round it up included.</summary>
    public int SpanLength { get; }

    /// <summary>Target channels.</summary>
    public int Targets { get; }

    /// <summary>Values of the source that are read.</summary>
    public int SourceLength { get; }

    /// <summary>The table's addresses.</summary>
    public SparseOffsetLayout Layout { get; }

    /// <summary><c>[kept]</c>, in the order of the layout.</summary>
    public ReadOnlySpan<float> Weights => _weights.Span;

    /// <summary><c>[targets]</c>, or empty.</summary>
    public ReadOnlySpan<float> Bias => _biased ? _bias.Span : default;

    public void Dispose()
    {
        foreach (AlignedBuffer<int> buffer in (AlignedBuffer<int>[])[_tileSegments, _segmentTargets, _segmentStarts, _offsets]) buffer.Dispose();
        _weights.Dispose();
        _bias.Dispose();
    }
}
