using Lottery.Cuda.Driver;
using Lottery.Kernels.Sparse;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A linear layer that stores its kept weights alone (Kernels/linear.cu), by the engine's tables.</summary>
internal sealed class CudaSparseLinear(SparseLinearOperation of) : CudaOperationOf<SparseLinearOperation>(of)
{
    /// <summary>Threads of a block, and bytes of shared memory for two batches of a warp's weights and places.</summary>
    private const int Threads = 128, Shared = Threads / Warp * 2 * 2 * Warp * sizeof(float);

    private const int Warp = 32;

    /// <summary>From so many parameters on, blocks are as large as they can be: their threads share what they load.</summary>
    private const int LargeLayer = 1 << 16;

    private readonly SparseMatrix _table = of.Table;
    private ulong _rowStarts, _inputs, _inRow, _order, _starts, _rows, _places, _entries;

    private int BiasStart => Of.Parameters[1].Start;

    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        (int[] rowStarts, int[] inputs, int[] inRow) = ByRow();
        _rowStarts = Table<int>(device, commands, rowStarts);
        _inputs = Table<int>(device, commands, inputs);
        _inRow = Table<int>(device, commands, inRow);
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
        pass.Run("linear/sparse_forward", (Blocks(_table.Rows, lanes), pass.Tiles.Tiles, 1), Threads, Shared,
            _rowStarts, _inputs, _inRow, parameters, parameters + 4 * (ulong)BiasStart, pass.X[Of.Input], pass.X[Of.Output],
            _table.Rows, lanes, pass.X.TileLength(Of.Input), pass.X.TileLength(Of.Output), Of.Output.HasRelu);
    }

    public override void Backward(in CudaPass pass)
    {
        int lanes = pass.Tiles.Lanes, tiles = pass.Tiles.Tiles, xLength = pass.X.TileLength(Of.Input), yLength = pass.X.TileLength(Of.Output);
        ulong dy = pass.Dx![Of.Output];
        if (pass.HasGradient(Of.Input))
            pass.Run("linear/sparse_input_gradient", (Blocks(_table.Inputs, lanes), tiles, 1), Threads, Shared,
                _order, _starts, _rows, _places, pass.ParametersOf(Of), dy, pass.ReluMask(Of.Input), pass.Dx[Of.Input],
                _table.Inputs, lanes, xLength, yLength);
        int threads = Of.Length < LargeLayer ? Threads : 4 * Threads;
        pass.Run("linear/lane_sums", (CudaPass.Blocks(Of.Length, threads), 1, 1), threads, 0,
            _entries, pass.X[Of.Input], dy, pass.GradientOf(Of), Of.Length, lanes, tiles, xLength, yLength);
    }

    /// <summary>Blocks with a warp for each 32 lanes of each sum.</summary>
    private static int Blocks(int sums, int lanes) => CudaPass.Blocks((long)sums * CudaPass.Blocks(lanes, Warp), Threads / Warp);

    /// <summary>Of each row where its weights begin, and of these the inputs, ascending, and the places among the parameters.</summary>
    private (int[] Starts, int[] Inputs, int[] Places) ByRow()
    {
        int tiles = _table.ByOutput.Tiles, k = 0;
        int[] segments = _table.SegmentsByRow(), starts = new int[_table.Rows + 1], inputs = new int[_table.Kept], places = new int[_table.Kept];
        for (int row = 0; row < _table.Rows; row++)
        {
            for (int tile = row * tiles; tile < (row + 1) * tiles; tile++)
                for (int place = segments[2 * tile]; place < segments[2 * tile + 1]; place++, k++) (inputs[k], places[k]) = (_table.KeptInputs[place], place);
            starts[row + 1] = k;
        }
        return (starts, inputs, places);
    }
}
