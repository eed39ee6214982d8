using Lottery.Numerics;

namespace Lottery.Kernels.Prediction;

/// <summary>
/// The kept weights of a linear layer for a single example: eight rows (outputs) at a time, of about one length, entry after entry.
/// <code>
/// group 0: rows 7 2 9 4 1 0 3 8     entry 0: eight inputs, eight weights; entry 1: …
/// group 1: rows 5 6 – – – – – –     …
/// </code>
/// A row shorter than the others of its group is padded with weights of zero on an input that is zero; a group without eight
/// rows writes its unused sums behind the last row.
/// </summary>
internal sealed unsafe class SingleSparseTable : IDisposable
{
    /// <summary>Rows of a group.</summary>
    public const int Group = 8;

    private readonly AlignedBuffer<int> _lengths, _rows, _inputs;
    private readonly AlignedBuffer<float> _weights, _bias;

    /// <summary>The table of <paramref name="rows"/>.</summary>
    /// <param name="rows">For each row its kept inputs, ascending, with their weights.</param>
    /// <param name="bias"><c>[rows]</c>.</param>
    /// <param name="inputs">The number of inputs.</param>
    public SingleSparseTable(IReadOnlyList<(int Input, float Weight)[]> rows, ReadOnlySpan<float> bias, int inputs)
    {
        (Rows, Inputs, Kept) = (rows.Count, inputs, rows.Sum(row => row.Length));
        int[][] groups = [.. Enumerable.Range(0, Rows).OrderByDescending(row => rows[row].Length).ThenBy(row => row).Chunk(Group)];
        int entries = groups.Sum(group => rows[group[0]].Length);
        (_lengths, _rows, _bias) = (new(groups.Length), new(groups.Length * Group), new(groups.Length * Group));
        (_inputs, _weights) = (new(entries * Group), new(entries * Group));
        _rows.Span.Fill(Rows);
        _inputs.Span.Fill(Inputs);
        int first = 0;
        for (int g = 0; g < groups.Length; g++)
        {
            _lengths.Span[g] = rows[groups[g][0]].Length;
            for (int i = 0; i < groups[g].Length; i++)
            {
                int row = groups[g][i];
                (_rows.Span[g * Group + i], _bias.Span[g * Group + i]) = (row, bias[row]);
                for (int k = 0; k < rows[row].Length; k++)
                    (_inputs.Span[(first + k) * Group + i], _weights.Span[(first + k) * Group + i]) = rows[row][k];
            }
            first += _lengths.Span[g];
        }
        Layout = new()
        {
            Groups = groups.Length, Lengths = _lengths.Pointer, Rows = _rows.Pointer, Inputs = _inputs.Pointer,
            Weights = _weights.Pointer, Bias = _bias.Pointer,
        };
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The number of kept weights.</summary>
    public int Kept { get; }

    /// <summary>The table's addresses.</summary>
    public SingleSparseLayout Layout { get; }

    public void Dispose()
    {
        foreach (AlignedBuffer<int> buffer in (AlignedBuffer<int>[])[_lengths, _rows, _inputs]) buffer.Dispose();
        _weights.Dispose();
        _bias.Dispose();
    }
}

/// <summary>Addresses of a <see cref="SingleSparseTable"/>.</summary>
internal unsafe struct SingleSparseLayout
{
    /// <summary>The number of groups.</summary>
    public int Groups;

    /// <summary><c>[groups]</c>: entries of each group.</summary>
    public int* Lengths;

    /// <summary><c>[groups, 8]</c>: the row of each sum.</summary>
    public int* Rows;

    /// <summary><c>[entries, 8]</c>: the input that each weight multiplies.</summary>
    public int* Inputs;

    /// <summary><c>[entries, 8]</c>.</summary>
    public float* Weights;

    /// <summary><c>[groups, 8]</c>.</summary>
    public float* Bias;
}
