using Lottery.Cuda.Driver;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Sparse;

namespace Lottery.Cuda.Operations;

/// <summary>The gradient of a convolution's kept weights and biases (Kernels/gradients.cu).</summary>
internal sealed class SparseGradients : IDisposable
{
    /// <summary>Warps of a block, which share what they load, and the weights of a task above which shared memory suffices for half of them.</summary>
    private const int MostWarps = 16, MostForAllWarps = 24;

    /// <summary>A card has work for this many warps, and for this many blocks; with fewer tasks each band has warps of its own.</summary>
    private const int LeastWarps = 1_500, LeastBlocks = 128;

    private readonly ConvolutionShape _shape;
    private readonly string _kernel;
    private readonly int _tiles, _count, _kept, _biases, _most, _warps;
    private readonly bool _byBands;
    private readonly ulong _table, _tasks, _offsets, _indices, _parts, _sums;
    private readonly List<DeviceMemory> _owned = [];

    /// <summary>Makes the tables on a device.</summary>
    /// <param name="table">The kept weights.</param>
    /// <param name="lists">The same, in the orders of a card.</param>
    /// <param name="biases">The places of the biases among the parameters.</param>
    /// <param name="buffers">The tensors' values in training.</param>
    /// <param name="device">Where.</param>
    /// <param name="commands">The queue that writes them.</param>
    public SparseGradients(
        SparseConvolutionTable table, SparseConvolutionLists lists, int[] biases, CudaBuffers buffers, IDevice device, ICommands commands)
    {
        (_shape, _kept, _biases, _tiles) = (table.Shape, table.Kept, biases.Length, buffers.ImageTiles);
        _table = Table<CudaShape>([new(_shape)]);
        int[] stored;
        if (SparseSums.PaysPatches(table))
        {
            (CudaPatchTask[] tasks, stored) = lists.PatchTasks();
            (_count, _tasks) = (tasks.Length, Table<CudaPatchTask>(tasks));
            _most = tasks.Select((task, k) => (k + 1 < tasks.Length ? tasks[k + 1].First : _kept) - task.First).DefaultIfEmpty().Max();
        }
        else
        {
            (CudaTask[] tasks, int[] offsets, stored) = lists.Tasks();
            (_count, _tasks, _offsets) = (tasks.Length, Table<CudaTask>(tasks), Table<int>(offsets));
        }
        _kernel = $"gradients/{(_most > 0 ? "patch" : "kept")}_{Width(_shape)}";
        _indices = Table<int>([.. stored, .. biases]);
        _byBands = Bands > 1 && _count * _tiles < LeastWarps;
        _warps = _most > MostForAllWarps ? MostWarps / 2 : MostWarps;
        while (_warps > 1 && (long)CudaPass.Blocks(_count, _warps) * _tiles * (_byBands ? Bands : 1) < LeastBlocks) _warps /= 2;
        _parts = Allocate((long)buffers.Tiles.ImageTiles * (_kept + _biases));
        if (_byBands) _sums = Allocate((long)_tiles * Bands * _kept * CudaBuffers.ImageLanes);

        ulong Table<T>(ReadOnlySpan<T> values) where T : unmanaged => Owned(device.Allocate(commands, values));

        ulong Allocate(long values) => Owned(device.Allocate(Math.Max(1, sizeof(float) * values)));

        ulong Owned(DeviceMemory memory)
        {
            _owned.Add(memory);
            return memory.Address;
        }
    }

    private int Bands => (_shape.OutputRows + 3) / 4;

    /// <summary>What is left to add of each parameter.</summary>
    /// <param name="offset">The layer's first parameter.</param>
    public CudaAddition Addition(int offset) => new()
    {
        Parts = _parts, Bands = _sums, Indices = _indices, Weights = _kept, Entries = _kept + _biases, Each = Bands, Offset = offset,
    };

    /// <summary>The parts of the gradients from x and from the gradient of y.</summary>
    public void Run(in CudaPass pass, ulong x, ulong dy)
    {
        (int X, int Y, int Z) grid = (CudaPass.Blocks(_biases, _warps) + CudaPass.Blocks(_count, _warps), _tiles, _byBands ? Bands : 1);
        int halves = pass.Tiles.ImageTiles;
        if (_most > 0)
            pass.Run(_kernel, grid, 32 * _warps, _byBands ? 0 : sizeof(float) * 32 * _warps * _most,
                _table, _tasks, x, dy, _parts, _sums, _count, _kept, _biases, halves, _most);
        else pass.Run(_kernel, grid, 32 * _warps, 0, _table, _tasks, _offsets, x, dy, _parts, _sums, _count, _kept, _biases, halves);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeviceMemory owned in _owned) owned.Dispose();
    }

    /// <summary>Pixels of a row with its borders of one, where the kernels have constants for it; otherwise 0.</summary>
    private static int Width(in ConvolutionShape shape)
    {
        int width = CudaGrid.Forward(shape).Width;
        return width is 6 or 10 or 18 or 34 && shape.OutputColumns == width - 2 && shape.OutputRows % 4 == 0 ? width : 0;
    }
}
