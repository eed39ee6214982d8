using System.Runtime.CompilerServices;
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
    /// <param name="rows">The kept weights.</param>
    /// <param name="weights">The tensor that they are in.</param>
    /// <param name="indices">For each position of a weight the input that it multiplies.</param>
    /// <param name="bias"><c>[rows]</c>.</param>
    /// <param name="inputs">The number of inputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SingleSparseTable(KeptRows rows, ReadOnlySpan<float> weights, ReadOnlySpan<int> indices, ReadOnlySpan<float> bias, int inputs)
    {
        (Rows, Inputs) = (rows.Count, inputs);
        int[] lengths = new int[Rows], order = new int[Rows];
        for (int row = 0; row < Rows; row++) (lengths[row], order[row]) = (rows.CountIn(row, 0, int.MaxValue), row);
        Kept = lengths.Sum();
        // The longest first, and of equals the first: by length and index as one number.
        Array.Sort(Array.ConvertAll(order, row => (long)-lengths[row] * Rows + row), order);
        int groups = (Rows + Group - 1) / Group, entries = 0;
        for (int row = 0; row < Rows; row += Group) entries += lengths[order[row]];
        (_lengths, _rows, _bias) = (new(groups), new(groups * Group), new(groups * Group));
        (_inputs, _weights) = (new(entries * Group), new(entries * Group));
        _rows.Span.Fill(Rows);
        Span<int> groupInputs = _inputs.Span, origins = stackalloc int[Group], counts = stackalloc int[Group];
        Span<float> groupWeights = _weights.Span;
        var found = new int[Group * rows.Length];
        for (int first = 0; first < Rows; first += Group)
        {
            ReadOnlySpan<int> group = order.AsSpan(first, Math.Min(Group, Rows - first));
            counts.Clear();
            for (int i = 0; i < group.Length; i++)
            {
                (_rows.Span[first + i], _bias.Span[first + i]) = (group[i], bias[group[i]]);
                counts[i] = rows.Positions(group[i], 0, int.MaxValue, found.AsSpan(i * rows.Length, rows.Length), out origins[i]).Length;
            }
            int longest = _lengths.Span[first / Group] = counts[0];
            for (int k = 0; k < longest; k++)
            {
                Span<int> entryInputs = groupInputs.Slice(k * Group, Group);
                Span<float> entryWeights = groupWeights.Slice(k * Group, Group);
                for (int i = 0; i < Group; i++)
                {
                    if (k < counts[i])
                    {
                        int position = found[i * rows.Length + k];
                        (entryInputs[i], entryWeights[i]) = (indices[position], weights[origins[i] + position]);
                    }
                    else entryInputs[i] = Inputs;
                }
            }
            groupInputs = groupInputs[(longest * Group)..];
            groupWeights = groupWeights[(longest * Group)..];
        }
        Layout = new()
        {
            Groups = groups, Lengths = _lengths.Pointer, Rows = _rows.Pointer, Inputs = _inputs.Pointer,
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
