using System.Collections.Immutable;
using Lottery.Cuda.Driver;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A convolution, perhaps a depthwise one, that stores its kept weights alone, and the ReLU that follows.</summary>
/// <param name="of">The operation.</param>
internal class CudaSparseConvolution(SparseConvolutionOperation of) : CudaConvolution<SparseConvolutionOperation>(of)
{
    private const int MostWarps = 8;

    private ulong _shape, _entries, _entryIndices, _tasks, _offsets, _indices, _parts;
    private ImmutableArray<(CudaGrid Grid, ulong Address, ulong Starts)> _sums;
    private int _entryCount, _taskCount, _weightsInTask, _summed;

    /// <inheritdoc/>
    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        var lists = new SparseConvolutionLists(Of.Table);
        (CudaEntry[] entries, int[] indices, ImmutableArray<(CudaGrid Grid, int[] Starts)> sums) = lists.Sums();
        _shape = Table<CudaShape>(device, commands, [new(Shape)]);
        (_entryCount, _entries, _entryIndices) = (entries.Length, Table<CudaEntry>(device, commands, entries), Table<int>(device, commands, indices));
        _sums = [.. sums.Select(one => (one.Grid, Table(device, commands, [one.Grid]), Table<int>(device, commands, one.Starts)))];
        _weightsInTask = WeightsInTask(Of.Table.Kept, Shape.Outputs);
        (CudaTask[] tasks, int[] offsets, int[] stored) = lists.Tasks(_weightsInTask);
        int[] biases = HasBias ? [.. Enumerable.Range(Of.Parameters[1].Start, Shape.Outputs)] : [];
        (_taskCount, _tasks, _offsets) = (tasks.Length, Table<CudaTask>(device, commands, tasks), Table<int>(device, commands, offsets));
        (_summed, _indices) = (stored.Length + biases.Length, Table<int>(device, commands, [.. stored, .. biases]));
        _parts = Allocate(device, sizeof(float) * (long)buffers.Tiles.ImageTiles * _summed);
    }

    /// <inheritdoc/>
    public override void Forward(in CudaPass pass)
    {
        SpreadWeights(pass);
        Convolve(pass, pass.X[Of.Input], pass.X[Of.Output], pass.X.ImageTiles);
    }

    /// <inheritdoc/>
    public override void Backward(in CudaPass pass) => Backward(pass, pass.Dx![Of.Output]);

    /// <summary>Puts the step's weights beside the places of what they multiply, for both passes.</summary>
    protected void SpreadWeights(in CudaPass pass) => pass.Run(
        "convolution/entries", (CudaPass.Blocks(_entryCount, 256), 1, 1), 256, 0, _entries, _entryIndices, pass.ParametersOf(Of), _entryCount);

    /// <summary>The convolution of some tiles.</summary>
    protected void Convolve(in CudaPass pass, ulong x, ulong y, int tiles) => Sum(pass, _sums[0], BiasOf(pass), x, 0, y, tiles, Relu);

    /// <summary>The gradients from that of the convolution's result.</summary>
    protected void Backward(in CudaPass pass, ulong dy)
    {
        int tiles = pass.X.ImageTiles;
        if (pass.HasGradient(Of.Input))
            foreach ((CudaGrid, ulong, ulong) sum in _sums.AsSpan()[1..])
                Sum(pass, sum, 0, dy, pass.ReluMask(Of.Input), pass.Dx![Of.Input], tiles, relu: false);
        int warps = Math.Clamp((Shape.OutputRows + 3) / 4, 1, MostWarps), halves = pass.Tiles.ImageTiles;
        pass.Run($"convolution/gradient_{_weightsInTask}", (_taskCount, tiles, 1), 32 * warps, sizeof(float) * 32 * warps * _weightsInTask,
            _shape, _tasks, _offsets, pass.X[Of.Input], dy, _parts, _summed, halves);
        if (HasBias)
            pass.Run("convolution/bias_parts", (CudaPass.Blocks(Shape.Outputs, 4), tiles, 1), 128, 0,
                _shape, dy, _parts, _summed, Of.Table.Kept, halves);
        pass.Run("convolution/add_parts", (CudaPass.Blocks(_summed, 256), 1, 1), 256, 0, _parts, _indices, _summed, TilesWithExamples(pass.Tiles),
            pass.GradientOf(Of));
    }

    /// <summary>Tiles of sixteen images whose sums are added: the first one, and the others that hold an example.</summary>
    private static int TilesWithExamples(BatchTiles tiles)
    {
        int count = 1;
        while (count < tiles.ImageTiles && tiles.ValidLanes[count] > 0) count++;
        return count;
    }

    /// <summary>Weights of an output that one block of threads sums: more share the loads of dy, fewer make more blocks.</summary>
    private static int WeightsInTask(int kept, int outputs) => (kept / Math.Max(1, outputs)) switch { >= 8 => 8, >= 4 => 4, >= 2 => 2, _ => 1 };

    private void Sum(
        in CudaPass pass, (CudaGrid Grid, ulong Address, ulong Starts) sum, ulong bias, ulong source, ulong gate, ulong target, int tiles, bool relu)
    {
        (string kernel, int blocks) = sum.Grid.Blocked("convolution", "direct", mostRows: 4);
        int warps = Math.Clamp(sum.Grid.Targets, 1, MostWarps);
        pass.Run(kernel, (blocks, CudaPass.Blocks(sum.Grid.Targets, warps), tiles), 32 * warps, 0,
            sum.Address, _entries, sum.Starts, bias, source, gate, target, relu);
    }
}
