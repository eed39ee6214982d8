using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>Builds and owns what <see cref="KeptRuns"/> walks: the kept weights of a convolution of one image.</summary>
internal sealed class KeptRunsTable : IDisposable
{
    private const int Lanes = 16, MostVectors = 8;
    private readonly KeptStencilTable _table;
    private readonly AlignedBuffer<float> _weights, _bias;
    private readonly bool _biased;

    /// <summary>The table of some weights.</summary>
    /// <param name="targets">For each target channel its weights, ascending by source channel, kernel row and kernel column; places are in <paramref name="weights"/>.</param>
    /// <param name="weights">What the places of taps point to.</param>
    /// <param name="bias"><c>[targets]</c>, or nothing for +0.</param>
    /// <param name="sources">The number of source channels.</param>
    /// <param name="spread">Lanes from the first of a source channel that taps multiply to the last.</param>
    /// <param name="run">Lanes that mean something: from an image's first pixel to its last, borders between rows included.</param>
    public KeptRunsTable(IReadOnlyList<KeptTap[]> targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int sources, int spread, int run)
    {
        int vectors = (run + Lanes - 1) / Lanes, blocks = (vectors + MostVectors - 1) / MostVectors;
        foreach (int width in KeptRuns.Widths)
            if (Width < (vectors + blocks - 1) / blocks) Width = width;
        Run = blocks * Width * Lanes;
        int reach = targets.SelectMany(taps => taps).Select(tap => tap.Offset).DefaultIfEmpty(0).Max();
        _table = new(targets, sources, Width + spread / Lanes + 1, new() { Rows = 1, Columns = Run, TargetChannel = Run });
        (SourceLength, Targets, _biased) = (reach + Run, targets.Count, !bias.IsEmpty);
        (_weights, _bias) = (new(_table.Kept), new(bias.Length));
        for (int k = 0; k < _table.Kept; k++) _weights.Span[k] = weights[_table.Places[k]];
        bias.CopyTo(_bias.Span);
    }

    /// <summary>Vectors of a block.</summary>
    public int Width { get; }

    /// <summary>Lanes of a run, those that round it up included.</summary>
    public int Run { get; }

    /// <summary>Target channels.</summary>
    public int Targets { get; }

    /// <summary>As far as the source is read.</summary>
    public int SourceLength { get; }

    /// <summary>What kernels walk.</summary>
    public KeptStencil Stencil => _table.Stencil;

    /// <summary><c>[kept]</c>, in the order of the stencil.</summary>
    public ReadOnlySpan<float> Weights => _weights.Span;

    /// <summary><c>[targets]</c>, or nothing.</summary>
    public ReadOnlySpan<float> Bias => _biased ? _bias.Span : default;

    public void Dispose()
    {
        _table.Dispose();
        _weights.Dispose();
        _bias.Dispose();
    }
}
