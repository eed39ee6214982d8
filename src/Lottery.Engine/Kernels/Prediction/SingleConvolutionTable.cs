using Lottery.Kernels.Sparse;
using Lottery.Numerics;

namespace Lottery.Kernels.Prediction;

/// <summary>The kept weights of a convolution of a single image.</summary>
internal sealed class SingleConvolutionTable : IDisposable
{
    private const int Lanes = 16, MostVectors = 8;
    private readonly SparseOffsetTable _table;
    private readonly AlignedBuffer<float> _weights, _bias;
    private readonly bool _biased;

    /// <summary>The table of some weights.</summary>
    /// <param name="targets">For each target channel its weights, ascending by source channel, kernel row and kernel column; their indices are in <paramref name="weights"/>.</param>
    /// <param name="weights">The values that the indices refer to.</param>
    /// <param name="bias"><c>[targets]</c>, or empty for +0.</param>
    /// <param name="sources">The number of source channels.</param>
    /// <param name="spread">Lanes from the first of a source channel that a weight multiplies to the last.</param>
    /// <param name="span">Lanes from an image's first pixel to its last, borders between rows included.</param>
    public SingleConvolutionTable(IReadOnlyList<OffsetWeight[]> targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int sources, int spread, int span)
    {
        int vectors = (span + Lanes - 1) / Lanes, blocks = (vectors + MostVectors - 1) / MostVectors;
        foreach (int width in SingleConvolutionForward.Widths)
            if (Width < (vectors + blocks - 1) / blocks) Width = width;
        SpanLength = blocks * Width * Lanes;
        int reach = 0;
        foreach (OffsetWeight[] target in targets)
            foreach (OffsetWeight weight in target) reach = Math.Max(reach, weight.Offset);
        _table = new(targets, sources, Width + spread / Lanes + 1, new() { Rows = 1, Columns = SpanLength, TargetChannel = SpanLength });
        (SourceLength, Targets, _biased) = (reach + SpanLength, targets.Count, !bias.IsEmpty);
        (_weights, _bias) = (new(_table.Kept), new(bias.Length));
        ReadOnlySpan<int> indices = _table.Indices;
        Span<float> values = _weights.Span;
        for (int k = 0; k < indices.Length; k++) values[k] = weights[indices[k]];
        bias.CopyTo(_bias.Span);
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
    public SparseOffsetLayout Layout => _table.Layout;

    /// <summary><c>[kept]</c>, in the order of the layout.</summary>
    public ReadOnlySpan<float> Weights => _weights.Span;

    /// <summary><c>[targets]</c>, or empty.</summary>
    public ReadOnlySpan<float> Bias => _biased ? _bias.Span : default;

    public void Dispose()
    {
        _table.Dispose();
        _weights.Dispose();
        _bias.Dispose();
    }
}
