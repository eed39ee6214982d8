using Lottery.Cuda.Driver;
using Lottery.Kernels.Sparse;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A linear layer that stores its kept weights alone (Kernels/linear.cu), by the engine's tables.</summary>
internal sealed class CudaSparseLinear(SparseLinearOperation of) : CudaOperation<SparseLinearOperation>(of)
{
    private const int Threads = 128;

    private readonly SparseMatrix _table = of.Table;
    private ulong _segments, _inputs, _order, _starts, _rows, _places, _entries;

    private int BiasStart => Of.Parameters[1].Start;

    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        _segments = Table<int>(device, commands, Segments());
        _inputs = Table(device, commands, _table.KeptInputs);
        _order = Table(device, commands, _table.InputOrder);
        _starts = Table(device, commands, _table.InputStarts);
        _rows = Table(device, commands, _table.InputRows);
        _places = Table(device, commands, _table.InputIndices);
        _entries = Table<int>(device, commands, Entries());
    }

    public override void Forward(in CudaPass pass)
    {
        int lanes = pass.Tiles.Lanes;
        ulong parameters = pass.ParametersOf(Of);
        pass.Run("linear/sparse_forward", (CudaPass.Blocks((long)_table.Rows * lanes, Threads), pass.Tiles.Tiles, 1), Threads, 0,
            _segments, _inputs, parameters, parameters + 4 * (ulong)BiasStart, pass.X[Of.Input], pass.X[Of.Output],
            _table.Rows, _table.ByOutput.Tiles, lanes, pass.X.TileLength(Of.Input), pass.X.TileLength(Of.Output), Of.Output.HasRelu);
    }

    public override void Backward(in CudaPass pass)
    {
        int lanes = pass.Tiles.Lanes, tiles = pass.Tiles.Tiles, xLength = pass.X.TileLength(Of.Input), yLength = pass.X.TileLength(Of.Output);
        ulong dy = pass.Dx![Of.Output];
        if (pass.HasGradient(Of.Input))
            pass.Run("linear/sparse_input_gradient", (CudaPass.Blocks((long)_table.Inputs * lanes, Threads), tiles, 1), Threads, 0,
                _order, _starts, _rows, _places, pass.ParametersOf(Of), dy, pass.ReluMask(Of.Input), pass.Dx[Of.Input],
                _table.Inputs, lanes, xLength, yLength);
        pass.Run("linear/lane_sums", (CudaPass.Blocks(Of.Length, Threads), 1, 1), Threads, 0,
            _entries, pass.X[Of.Input], dy, pass.GradientOf(Of), Of.Length, lanes, tiles, xLength, yLength);
    }

    /// <summary>For each row and each part of the table where the row's weights begin and end.</summary>
    private int[] Segments()
    {
        ReadOnlySpan<int> rows = _table.SegmentRows, starts = _table.SegmentStarts, parts = _table.TileSegments;
        var ends = new int[2 * rows.Length];
        for (int part = 0; part + 1 < parts.Length; part++)
            for (int segment = parts[part]; segment < parts[part + 1]; segment++)
            {
                int at = 2 * (rows[segment] * (parts.Length - 1) + part);
                (ends[at], ends[at + 1]) = (starts[segment], starts[segment + 1]);
            }
        return ends;
    }

    /// <summary>For each parameter its row, −1 for one whose gradient is zero, and its input, −1 for a bias.</summary>
    private int[] Entries()
    {
        var entries = new int[2 * Of.Length];
        Array.Fill(entries, -1);
        ReadOnlySpan<int> rows = _table.SegmentRows, starts = _table.SegmentStarts, inputs = _table.KeptInputs;
        for (int segment = 0; segment < rows.Length; segment++)
            for (int k = starts[segment]; k < starts[segment + 1]; k++) (entries[2 * k], entries[2 * k + 1]) = (rows[segment], inputs[k]);
        for (int row = 0; row < _table.Rows; row++) entries[2 * (BiasStart + row)] = row;
        return entries;
    }
}
