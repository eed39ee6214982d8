using Lottery.Numerics;

namespace Lottery.Kernels.Prediction;

/// <summary>
/// Some rows (outputs) of a masked weight tensor: what the tables of a single example are made from. The position of a weight
/// says what it multiplies: an input, or input channel × kernel² + offset in the kernel.
/// </summary>
/// <param name="kept">The mask of the whole tensor.</param>
/// <param name="rows">The rows in the tensor.</param>
/// <param name="length">Weights of a row.</param>
/// <param name="shift">What is added to the positions of a row for each row before it in the tensor.</param>
internal sealed class KeptRows(BitSet kept, int[] rows, int length, int shift = 0)
{
    /// <summary>The number of rows.</summary>
    public int Count => rows.Length;

    /// <summary>The kept weights of a row with positions from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    public int CountIn(int row, int first, int end)
    {
        (int start, int count) = Part(row, first, end);
        return kept.Count(rows[row] * length + start, count);
    }

    /// <summary>The most weights of a row.</summary>
    public int Length => length;

    /// <summary>Their positions, ascending, and the index in the tensor of position 0.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">The first position.</param>
    /// <param name="end">The first position that is too large.</param>
    /// <param name="found">Where the positions are written.</param>
    /// <param name="origin">The index in the tensor of the row's position 0.</param>
    public ReadOnlySpan<int> Positions(int row, int first, int end, Span<int> found, out int origin)
    {
        (int start, int count) = Part(row, first, end);
        found = found[..kept.Ones(rows[row] * length + start, count, found)];
        int moved = start + rows[row] * shift;
        if (moved != 0)
            foreach (ref int position in found) position += moved;
        origin = rows[row] * (length - shift);
        return found;
    }

    /// <summary>The weights of a row that have such positions.</summary>
    private (int Start, int Count) Part(int row, int first, int end)
    {
        int before = rows[row] * shift, start = Math.Clamp(first - before, 0, length);
        return (start, Math.Clamp(end - before, start, length) - start);
    }
}
