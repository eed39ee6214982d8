using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>Builds and owns what a <see cref="KeptCorrelation"/> walks.</summary>
internal sealed unsafe class KeptCorrelationTable : IDisposable
{
    /// <summary>Cache lines of input pixels that stay in the first-level cache (32 KB).</summary>
    private const int LinesInTile = 420;

    /// <summary>Weights of which the sums, 64 bytes each, stay in the second-level cache (1 MB) beside dy and x.</summary>
    private const int WeightsInGroup = 6144;

    /// <summary>An output visits a tile for at least so many weights on average.</summary>
    private const int WeightsInVisit = 8;

    private readonly AlignedBuffer<int> _tileSegments, _segmentOutputs, _segmentStarts, _offsets, _places;

    /// <summary>The tables of <paramref name="outputs"/>.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="outputs">For each output channel its weights, input channels ascending.</param>
    public KeptCorrelationTable(in ConvolutionShape shape, IReadOnlyList<KeptTap[]> outputs)
    {
        int kept = outputs.Sum(output => output.Length), side = (KeptCorrelate.Block - 1) * shape.Stride + shape.Kernel;
        int most = Math.Max(1, (shape.Inputs * side * side + LinesInTile - 1) / LinesInTile);
        int tiles = Math.Clamp(kept / Math.Max(1, WeightsInVisit * outputs.Count), 1, most);
        int inGroup = (int)Math.Clamp((long)WeightsInGroup * tiles / Math.Max(1, kept), 1, tiles);
        var segments = KeptSegments.Of(outputs, shape.Inputs, tiles, keepEmpty: _ => false);
        (_tileSegments, _segmentOutputs, _segmentStarts) = segments.Buffers();
        _offsets = KeptSegments.Copy([.. segments.Taps.Select(tap => tap.Offset)]);
        _places = KeptSegments.Copy([.. segments.Taps.Select(tap => tap.Place)]);
        Correlation = new()
        {
            Tiles = tiles, TilesInGroup = inGroup, TileSegments = _tileSegments.Pointer,
            SegmentOutputs = _segmentOutputs.Pointer, SegmentStarts = _segmentStarts.Pointer, Offsets = _offsets.Pointer,
            Places = _places.Pointer, Shape = shape, GradientChannel = shape.OutputChannel, GradientRow = shape.OutputRow,
        };
        MostWeights = Enumerable.Range(0, (tiles + inGroup - 1) / inGroup).Max(group =>
            Correlation.FirstWeight(Math.Min((group + 1) * inGroup, tiles)) - Correlation.FirstWeight(group * inGroup));
    }

    /// <summary>What the kernel walks.</summary>
    public KeptCorrelation Correlation { get; }

    /// <summary>The weights of the group that has most.</summary>
    public int MostWeights { get; }

    public void Dispose()
    {
        foreach (AlignedBuffer<int> buffer in (AlignedBuffer<int>[])
                 [_tileSegments, _segmentOutputs, _segmentStarts, _offsets, _places])
            buffer.Dispose();
    }
}
