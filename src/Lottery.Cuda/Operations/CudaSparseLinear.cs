using Lottery.Cuda.Driver;
using Lottery.Kernels.Sparse;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A linear layer that stores its kept weights alone (Kernels/linear.cu), by the engine's tables.</summary>
internal sealed class CudaSparseLinear(SparseLinearOperation of) : CudaOperationOf<SparseLinearOperation>(of)
{
    private const int Threads = 128;

    private readonly SparseMatrix _table = of.Table;
    private ulong _segments, _inputs, _order, _starts, _rows, _places, _entries;

    private int BiasStart => Of.Parameters[1].Start;

    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        _segments = Table<int>(device, commands, _table.SegmentsByRow());
        _inputs = Table(device, commands, _table.KeptInputs);
        _order = Table(device, commands, _table.InputOrder);
        _starts = Table(device, commands, _table.InputStarts);
        _rows = Table(device, commands, _table.InputRows);
        _places = Table(device, commands, _table.InputIndices);
        _entries = Table<(int, int)>(device, commands, Of.RowsAndInputs());
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
}
