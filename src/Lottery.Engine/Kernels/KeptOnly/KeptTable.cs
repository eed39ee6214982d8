using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>Builds and owns the tables that kept-only kernels walk, by output and by input.</summary>
internal sealed unsafe class KeptTable : IDisposable
{
    private readonly AlignedBuffer<int> _tileSegments, _segmentRows, _segmentStarts, _inputs;
    private readonly AlignedBuffer<int> _order, _starts, _rows, _places;

    /// <summary>The tables of <paramref name="rows"/>.</summary>
    /// <param name="rows">For each row (output), its kept inputs, ascending.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="tiles">The number of tiles that the inputs are cut into, at least 1.</param>
    public KeptTable(IReadOnlyList<int[]> rows, int inputs, int tiles)
    {
        Inputs = inputs;
        int kept = rows.Sum(row => row.Length), perTile = (inputs + tiles - 1) / Math.Max(tiles, 1);
        _tileSegments = new(tiles + 1);
        _segmentRows = new(tiles * rows.Count);
        _segmentStarts = new(tiles * rows.Count + 1);
        _inputs = new(kept);
        FillSegments(rows, tiles, perTile);
        (_order, _starts, _rows, _places) = (new(inputs), new(inputs + 1), new(kept), new(kept));
        FillColumns();
        Layout = new()
        {
            Tiles = tiles, TileSegments = _tileSegments.Pointer, SegmentRows = _segmentRows.Pointer,
            SegmentStarts = _segmentStarts.Pointer, Inputs = _inputs.Pointer, Rows = rows.Count, Kept = kept,
        };
        Columns = new()
        {
            Inputs = inputs, Order = _order.Pointer, Starts = _starts.Pointer, Rows = _rows.Pointer, Places = _places.Pointer,
        };
    }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>By output.</summary>
    public KeptLayout Layout { get; }

    /// <summary>By input.</summary>
    public KeptColumns Columns { get; }

    /// <summary>The row and the input of every weight, in the order in which they lie.</summary>
    public IEnumerable<(int Row, int Input)> Weights()
    {
        for (int segment = 0; segment < _segmentRows.Length; segment++)
            for (int k = _segmentStarts.Span[segment]; k < _segmentStarts.Span[segment + 1]; k++)
                yield return (_segmentRows.Span[segment], _inputs.Span[k]);
    }

    /// <summary>The first weight of a tile, and the first after it.</summary>
    public (int Start, int End) Tile(int tile) =>
        (_segmentStarts.Span[_tileSegments.Span[tile]], _segmentStarts.Span[_tileSegments.Span[tile + 1]]);

    public void Dispose()
    {
        foreach (AlignedBuffer<int> buffer in (AlignedBuffer<int>[])
                 [_tileSegments, _segmentRows, _segmentStarts, _inputs, _order, _starts, _rows, _places])
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
        var columns = new List<(int Row, int Place)>[Inputs];
        for (int input = 0; input < Inputs; input++) columns[input] = [];
        int k = 0, place = 0, entry = 0;
        foreach ((int row, int input) in Weights()) columns[input].Add((row, k++));
        foreach (int input in Enumerable.Range(0, Inputs).OrderByDescending(input => columns[input].Count).ThenBy(input => input))
        {
            _order.Span[place] = input;
            foreach ((int row, int at) in columns[input].OrderBy(weight => weight.Row))
                (_rows.Span[entry], _places.Span[entry++]) = (row, at);
            _starts.Span[++place] = entry;
        }
    }
}
