using Lottery.Numerics;

namespace Lottery.Kernels.Sparse;

/// <summary>The indices of a layer's kept weights as sparse kernels read them, by output and by input.</summary>
internal sealed unsafe class SparseMatrix : IDisposable
{
    private readonly AlignedBuffer<int> _tileSegments, _segmentRows, _segmentStarts, _inputs;
    private readonly AlignedBuffer<int> _order, _starts, _rows, _indices;

    /// <summary>The matrix of <paramref name="rows"/>.</summary>
    /// <param name="rows">For each row (output), its kept inputs, ascending.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="tiles">The number of tiles that the inputs are cut into, at least 1.</param>
    public SparseMatrix(IReadOnlyList<int[]> rows, int inputs, int tiles)
    {
        Inputs = inputs;
        int kept = rows.Sum(row => row.Length), perTile = (inputs + tiles - 1) / Math.Max(tiles, 1);
        _tileSegments = new(tiles + 1);
        _segmentRows = new(tiles * rows.Count);
        _segmentStarts = new(tiles * rows.Count + 1);
        _inputs = new(kept);
        FillSegments(rows, tiles, perTile);
        (_order, _starts, _rows, _indices) = (new(inputs), new(inputs + 1), new(kept), new(kept));
        FillColumns();
        ByOutput = new()
        {
            Tiles = tiles, TileSegments = _tileSegments.Pointer, SegmentRows = _segmentRows.Pointer,
            SegmentStarts = _segmentStarts.Pointer, Inputs = _inputs.Pointer, Rows = rows.Count, Kept = kept,
        };
        ByInput = new()
        {
            Inputs = inputs, Order = _order.Pointer, Starts = _starts.Pointer, Rows = _rows.Pointer, Indices = _indices.Pointer,
        };
    }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The number of rows (outputs).</summary>
    public int Rows => ByOutput.Rows;

    /// <summary>The number of kept weights.</summary>
    public int Kept => ByOutput.Kept;

    /// <summary>The weights by output: the order in which their values are stored.</summary>
    public SparseRows ByOutput { get; }

    /// <summary>The weights by input.</summary>
    public SparseColumns ByInput { get; }

    /// <summary>As <see cref="SparseRows.SegmentRows"/>.</summary>
    public ReadOnlySpan<int> SegmentRows => _segmentRows.Span;

    /// <summary>As <see cref="SparseRows.SegmentStarts"/>.</summary>
    public ReadOnlySpan<int> SegmentStarts => _segmentStarts.Span;

    /// <summary>As <see cref="SparseRows.Inputs"/>.</summary>
    public ReadOnlySpan<int> KeptInputs => _inputs.Span;

    /// <summary>As <see cref="SparseColumns.Order"/>.</summary>
    public ReadOnlySpan<int> InputOrder => _order.Span;

    /// <summary>As <see cref="SparseColumns.Starts"/>.</summary>
    public ReadOnlySpan<int> InputStarts => _starts.Span;

    /// <summary>As <see cref="SparseColumns.Rows"/>.</summary>
    public ReadOnlySpan<int> InputRows => _rows.Span;

    /// <summary>As <see cref="SparseColumns.Indices"/>.</summary>
    public ReadOnlySpan<int> InputIndices => _indices.Span;

    /// <summary>Where every weight lies in a full matrix <c>[outputs, inputs]</c>, in stored order.</summary>
    /// <param name="outputs">The output of each row.</param>
    /// <param name="inputs">The input of each of the matrix's inputs.</param>
    /// <param name="stride">Inputs of the full matrix.</param>
    public int[] Places(ReadOnlySpan<int> outputs, ReadOnlySpan<int> inputs, int stride)
    {
        var places = new int[Kept];
        ReadOnlySpan<int> starts = _segmentStarts.Span, rows = _segmentRows.Span, read = _inputs.Span;
        for (int segment = 0; segment < rows.Length; segment++)
            for (int k = starts[segment]; k < starts[segment + 1]; k++) places[k] = outputs[rows[segment]] * stride + inputs[read[k]];
        return places;
    }

    /// <summary><c>[rows][tiles][2]</c>: where a row's weights begin and end in each tile.</summary>
    public int[] SegmentsByRow()
    {
        ReadOnlySpan<int> tiles = _tileSegments.Span, rows = _segmentRows.Span, starts = _segmentStarts.Span;
        var ends = new int[2 * rows.Length];
        for (int tile = 0; tile + 1 < tiles.Length; tile++)
            for (int segment = tiles[tile]; segment < tiles[tile + 1]; segment++)
            {
                int at = 2 * (rows[segment] * (tiles.Length - 1) + tile);
                (ends[at], ends[at + 1]) = (starts[segment], starts[segment + 1]);
            }
        return ends;
    }

    /// <summary>The index of the first weight of a tile, and of the first one after it.</summary>
    public (int Start, int End) Tile(int tile) =>
        (_segmentStarts.Span[_tileSegments.Span[tile]], _segmentStarts.Span[_tileSegments.Span[tile + 1]]);

    public void Dispose()
    {
        foreach (AlignedBuffer<int> buffer in (AlignedBuffer<int>[])
                 [_tileSegments, _segmentRows, _segmentStarts, _inputs, _order, _starts, _rows, _indices])
            buffer.Dispose();
    }

    private void FillSegments(IReadOnlyList<int[]> rows, int tiles, int perTile)
    {
        Span<int> starts = _segmentStarts.Span, inputs = _inputs.Span;
        int segment = 0, k = 0;
        var done = new int[rows.Count];
        for (int tile = 0; tile < tiles; tile++)
        {
            int high = (tile + 1) * perTile;
            int[] Part(int[] row, int index)
            {
                int start = done[index], end = start;
                while (end < row.Length && row[end] < high) end++;
                done[index] = end;
                return row[start..end];
            }
            var parts = rows.Select((row, index) => (index, part: Part(row, index)));
            foreach ((int index, int[] part) in parts.OrderByDescending(row => row.part.Length).ThenBy(row => row.index))
            {
                _segmentRows.Span[segment] = index;
                part.CopyTo(inputs[k..]);
                k += part.Length;
                starts[++segment] = k;
            }
            _tileSegments.Span[tile + 1] = segment;
        }
    }

    private void FillColumns()
    {
        Span<int> order = _order.Span, starts = _starts.Span, segmentStarts = _segmentStarts.Span, segmentRows = _segmentRows.Span;
        var counts = new int[Inputs];
        foreach (int input in _inputs.Span) counts[input]++;
        int[] sorted = [.. Enumerable.Range(0, Inputs).OrderByDescending(input => counts[input]).ThenBy(input => input)];
        sorted.CopyTo(order);
        var next = new int[Inputs];
        for (int position = 0; position < Inputs; position++)
        {
            next[sorted[position]] = starts[position];
            starts[position + 1] = starts[position] + counts[sorted[position]];
        }
        // An input belongs to one tile, in which each row has at most one segment: by row, segments fill every input's rows ascending.
        int[] segments = [.. Enumerable.Range(0, _segmentRows.Length).OrderBy(segment => _segmentRows.Span[segment])];
        foreach (int segment in segments)
            for (int k = segmentStarts[segment]; k < segmentStarts[segment + 1]; k++)
            {
                int entry = next[_inputs.Span[k]]++;
                (_rows.Span[entry], _indices.Span[entry]) = (segmentRows[segment], k);
            }
    }
}

/// <summary>Addresses of the kept weights by row (output).</summary>
/// <remarks>
/// Inputs are cut into tiles that fit the first-level cache. Within a tile, rows are sorted by falling number of weights, so
/// that loop lengths are predictable; within a row, inputs ascend.
/// <code>
/// tile 0                                    tile 1
/// ├ segment: row 7, weights 0 … 4           ├ segment: row 2, weights 31 … 33
/// ├ segment: row 2, weights 5 … 8           …
/// </code>
/// Every row has a segment, perhaps an empty one, in the first and in the last tile. The order of rows changes no bit:
/// each row has its own sum, over its inputs in ascending order.
/// </remarks>
internal unsafe struct SparseRows
{
    /// <summary>The number of tiles, at least 1.</summary>
    public int Tiles;

    /// <summary><c>[tiles + 1]</c>: the first segment of each tile.</summary>
    public int* TileSegments;

    /// <summary><c>[segments]</c>: the row of each segment.</summary>
    public int* SegmentRows;

    /// <summary><c>[segments + 1]</c>: the first weight of each segment.</summary>
    public int* SegmentStarts;

    /// <summary><c>[kept]</c>: the input that each weight multiplies.</summary>
    public int* Inputs;

    /// <summary>The number of rows (outputs that take part).</summary>
    public int Rows;

    /// <summary>The number of kept weights.</summary>
    public int Kept;
}

/// <summary>Addresses of the same weights by input: for each input its rows, ascending, and the indices of their weights.</summary>
internal unsafe struct SparseColumns
{
    /// <summary>The number of inputs.</summary>
    public int Inputs;

    /// <summary><c>[inputs]</c>: inputs by falling number of weights, so that loop lengths are predictable.</summary>
    public int* Order;

    /// <summary><c>[inputs + 1]</c>: the first entry of each position in <see cref="Order"/>.</summary>
    public int* Starts;

    /// <summary><c>[kept]</c>: the row of each entry.</summary>
    public int* Rows;

    /// <summary><c>[kept]</c>: the index of each entry's weight in stored order.</summary>
    public int* Indices;
}
