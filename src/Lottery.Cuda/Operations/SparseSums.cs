using System.Collections.Immutable;
using Lottery.Cuda.Driver;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Sparse;

namespace Lottery.Cuda.Operations;

/// <summary>
/// The sums over kept weights that make y, and those that make dx. Two kernels have the same bits: "direct" loads for each weight what it
/// multiplies; "patch" has a patch of one source in registers for all weights to four targets, and pays where these are many.
/// </summary>
internal sealed class SparseSums : IDisposable
{
    /// <summary>
    /// From this density on a patch in registers is the faster way, for 3×3 kernels of stride 1: it takes as long as 7 % of all weights and a quarter
    /// of each kept one do otherwise, by what prototypes took on an H100, and its gradient the same.
    /// </summary>
    private const double LeastForPatches = 0.15;

    /// <summary>
    /// Warps of the sums by patches, each of four channels and 4 × 4 pixels, with which a card waits for no load. With fewer the other kernel,
    /// which has four times as many, is the faster way.
    /// </summary>
    private const int LeastPatchWarps = 1_000;

    /// <summary>Warps of a block, which share what they load: fewer where there were fewer blocks than a card has work for.</summary>
    private const int MostWarps = 32, MostWarpsAhead = 16, MostPatchWarps = 8, LeastBlocks = 128;

    private readonly ConvolutionShape _shape;
    private readonly bool _usesPatches;
    private readonly int _count;
    private readonly ulong _weights, _indices;
    private readonly List<DeviceMemory> _owned = [];
    private readonly ImmutableArray<Direct> _direct = [];
    private readonly ImmutableArray<Patched> _patches = [];

    /// <summary>Makes the tables on a device.</summary>
    /// <param name="table">The kept weights.</param>
    /// <param name="lists">The same, in the orders of a card.</param>
    /// <param name="tiles">Tiles of images of a batch.</param>
    /// <param name="device">Where.</param>
    /// <param name="commands">The queue that writes them.</param>
    public SparseSums(SparseConvolutionTable table, SparseConvolutionLists lists, int tiles, IDevice device, ICommands commands)
    {
        _shape = table.Shape;
        _usesPatches = UsesPatches(table, tiles);
        if (_usesPatches)
        {
            (CudaPair[] Pairs, int[] Starts, int[] Indices) forward = lists.Patches(backward: false), backward = lists.Patches(backward: true);
            _count = 2 * table.Kept;
            // A warp reads 32 weights from a pair's first one on.
            _weights = Table<float>(new float[_count + CudaBuffers.ImageLanes]);
            _indices = Table<int>([.. forward.Indices, .. backward.Indices]);
            _patches = [Make(CudaGrid.Forward(_shape), forward, 0), Make(CudaGrid.Backward(_shape, 0, 0), backward, table.Kept)];
            return;
        }
        (CudaEntry[] entries, int[] indices, ImmutableArray<(CudaGrid Grid, int[] Starts)> sums) = lists.Sums();
        // Up to two more entries are read ahead of each sum.
        (_count, _weights, _indices) = (entries.Length, Table<CudaEntry>([.. entries, default, default]), Table<int>(indices));
        _direct = [.. sums.Select(one => new Direct(one.Grid, Table<CudaGrid>([one.Grid]), Table<int>(one.Starts)))];

        Patched Make(CudaGrid grid, (CudaPair[] Pairs, int[] Starts, int[] Indices) of, int first) => new(grid, Table<CudaGrid>([grid]),
            Table<CudaPair>([.. of.Pairs.Select(pair => pair with { First = pair.First + first }), default]), Table<int>(of.Starts));

        ulong Table<T>(ReadOnlySpan<T> values) where T : unmanaged
        {
            DeviceMemory memory = device.Allocate(commands, values);
            _owned.Add(memory);
            return memory.Address;
        }
    }

    /// <summary>Whether patches in registers are the faster way for the gradient of some kept weights.</summary>
    public static bool PaysPatches(SparseConvolutionTable table) =>
        Fits(table.Shape) && table.Kept >= LeastForPatches * table.Shape.Inputs * table.Shape.Outputs * table.Shape.KernelArea;

    /// <summary>The same for the sums over them.</summary>
    /// <param name="table">The kept weights.</param>
    /// <param name="tiles">Tiles of images of a batch.</param>
    public static bool UsesPatches(SparseConvolutionTable table, int tiles)
    {
        ConvolutionShape shape = table.Shape;
        long groups = CudaPass.Blocks(Math.Min(shape.Inputs, shape.Outputs), SparseConvolutionLists.TargetsOfPatch);
        return PaysPatches(table) && groups * CudaPass.Blocks(shape.Rows, 4) * CudaPass.Blocks(shape.Columns, 4) * tiles >= LeastPatchWarps;
    }

    /// <summary>How the step's weights come into the order of the sums.</summary>
    /// <param name="offset">The layer's first parameter.</param>
    public CudaSpread Spread(int offset) => new()
    {
        To = _weights, Indices = _indices, Count = _count, Stride = _usesPatches ? sizeof(float) : 2 * sizeof(float), Offset = offset,
    };

    /// <summary>y of some tiles.</summary>
    public void Forward(in CudaPass pass, ulong bias, ulong x, ulong y, int tiles, bool relu)
    {
        if (_usesPatches) Run(pass, "convolution/patch_forward", _patches[0], 2 * _shape.InputChannel, (bias, x, 0, y), tiles, relu);
        else Run(pass, _direct[0], (bias, x, 0, y), tiles, relu);
    }

    /// <summary>dx of some tiles, 0 where the gate is not above 0.</summary>
    public void Backward(in CudaPass pass, ulong dy, ulong gate, ulong dx, int tiles)
    {
        if (_usesPatches) Run(pass, "convolution/patch_backward", _patches[1], 2 * _shape.OutputChannel, (0, dy, gate, dx), tiles, relu: false);
        else
            foreach (Direct one in _direct.AsSpan()[1..]) Run(pass, one, (0, dy, gate, dx), tiles, relu: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeviceMemory owned in _owned) owned.Dispose();
    }

    private static bool Fits(in ConvolutionShape shape) =>
        shape is { Kernel: 3, Stride: 1, Padding: 1, InputBorder: >= 1, OutputBorder: >= 1, Rows: >= 4, Columns: >= 4 };

    private void Run(
        in CudaPass pass, string kernel, Patched one, int sourceChannel, (ulong Bias, ulong Source, ulong Gate, ulong Target) of, int tiles, bool relu)
    {
        int groups = CudaPass.Blocks(one.Grid.Targets, SparseConvolutionLists.TargetsOfPatch);
        int blocks = CudaPass.Blocks(one.Grid.Rows, 4) * CudaPass.Blocks(one.Grid.Columns, 4), warps = Warps(groups, blocks * tiles, MostPatchWarps);
        pass.Run(kernel, (blocks, CudaPass.Blocks(groups, warps), tiles), 32 * warps, 0,
            one.Address, one.Pairs, one.Starts, _weights, of.Bias, of.Source, sourceChannel, of.Gate, of.Target, relu);
    }

    private void Run(in CudaPass pass, Direct one, (ulong Bias, ulong Source, ulong Gate, ulong Target) of, int tiles, bool relu)
    {
        (string kernel, int blocks) = one.Grid.Blocked("convolution", "direct", mostRows: 4);
        int width = kernel.EndsWith("4x4", StringComparison.Ordinal) && one.Grid.Width is 6 or 10 or 18 or 34 ? one.Grid.Width : 0;
        int warps = Warps(one.Grid.Targets, blocks * tiles, width is 6 or 10 ? MostWarpsAhead : MostWarps);
        pass.Run(width > 0 ? $"{kernel}_{width}" : kernel, (blocks, CudaPass.Blocks(one.Grid.Targets, warps), tiles), 32 * warps, 0,
            one.Address, _weights, one.Starts, of.Bias, of.Source, of.Gate, of.Target, relu);
    }

    /// <summary>Warps of a block, each with a sum over the same pixels.</summary>
    private static int Warps(int sums, int blocks, int most)
    {
        int warps = most;
        while (warps > 1 && (warps >= 2 * sums || (long)CudaPass.Blocks(sums, warps) * blocks < LeastBlocks)) warps /= 2;
        return warps;
    }

    private readonly record struct Direct(CudaGrid Grid, ulong Address, ulong Starts);

    private readonly record struct Patched(CudaGrid Grid, ulong Address, ulong Pairs, ulong Starts);
}
