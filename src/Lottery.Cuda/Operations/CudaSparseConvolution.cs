using Lottery.Cuda.Driver;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A convolution, perhaps a depthwise one, that stores its kept weights alone, and the ReLU that follows.</summary>
/// <param name="of">The operation.</param>
internal class CudaSparseConvolution(SparseConvolutionOperation of) : CudaConvolution<SparseConvolutionOperation>(of)
{
    private const int MostWarps = 8;

    private ulong _shape, _tasks, _offsets, _indices, _parts;
    private int _taskCount, _weightsInTask, _summed;
    private SparseSums? _sums;

    /// <inheritdoc/>
    public override void Load(IDevice device, ICommands commands, CudaBuffers buffers)
    {
        var lists = new SparseConvolutionLists(Of.Table);
        _sums = Own(new SparseSums(Of.Table, lists, device, commands));
        _shape = Table<CudaShape>(device, commands, [new(Shape)]);
        int[] stored = _sums.UsesPatches ? LoadPatchTasks(lists, device, commands) : LoadTasks(lists, device, commands);
        int[] biases = HasBias ? [.. Enumerable.Range(Of.Parameters[1].Start, Shape.Outputs)] : [];
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

    /// <summary>Brings the step's weights into the order in which both passes read them.</summary>
    protected void SpreadWeights(in CudaPass pass) => _sums!.Spread(pass, pass.ParametersOf(Of));

    /// <summary>The convolution of some tiles.</summary>
    protected void Convolve(in CudaPass pass, ulong x, ulong y, int tiles) => _sums!.Forward(pass, BiasOf(pass), x, y, tiles, Relu);

    /// <summary>The gradients from that of the convolution's result.</summary>
    protected void Backward(in CudaPass pass, ulong dy)
    {
        int tiles = pass.X.ImageTiles;
        if (pass.HasGradient(Of.Input)) _sums!.Backward(pass, dy, pass.ReluMask(Of.Input), pass.Dx![Of.Input], tiles);
        int warps = Math.Clamp((Shape.OutputRows + 3) / 4, 1, MostWarps), halves = pass.Tiles.ImageTiles;
        (ulong x, int bytes) = (pass.X[Of.Input], sizeof(float) * 32 * warps * _weightsInTask);
        if (_sums!.UsesPatches)
            pass.Run("convolution/gradient_patch", (_taskCount, tiles, 1), 32 * warps, bytes, _shape, _tasks, x, dy, _parts, _summed, halves);
        else
            pass.Run($"convolution/gradient_{_weightsInTask}", (_taskCount, tiles, 1), 32 * warps, bytes,
                _shape, _tasks, _offsets, x, dy, _parts, _summed, halves);
        if (HasBias)
            pass.Run("convolution/bias_parts", (Shape.Outputs, tiles, 1), PixelThreads, PixelBytes,
                _shape, dy, _parts, _summed, Of.Table.Kept, halves);
        pass.Run("convolution/add_parts", (CudaPass.Blocks(_summed, 256), 1, 1), 256, 0, _parts, _indices, _summed, TilesWithExamples(pass.Tiles),
            pass.GradientOf(Of));
    }

    /// <summary>Makes the tables of the weights' gradient.</summary>
    /// <returns>The weights' indices in stored order, as tasks have them.</returns>
    private int[] LoadTasks(SparseConvolutionLists lists, IDevice device, ICommands commands)
    {
        _weightsInTask = WeightsInTask(Of.Table.Kept, Shape.Outputs);
        (CudaTask[] tasks, int[] offsets, int[] indices) = lists.Tasks(_weightsInTask);
        (_taskCount, _tasks, _offsets) = (tasks.Length, Table<CudaTask>(device, commands, tasks), Table<int>(device, commands, offsets));
        return indices;
    }

    /// <summary>The same by patches.</summary>
    private int[] LoadPatchTasks(SparseConvolutionLists lists, IDevice device, ICommands commands)
    {
        _weightsInTask = SparseConvolutionLists.TargetsOfPatch * Shape.KernelArea;
        (CudaPatchTask[] tasks, int[] indices) = lists.PatchTasks();
        (_taskCount, _tasks) = (tasks.Length, Table<CudaPatchTask>(device, commands, tasks));
        return indices;
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
}
