using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;
using Lottery.Operations;

namespace Lottery.Cuda.Operations;

/// <summary>A layer's weights, which come into the order of its sums (Kernels/convolution.cu).</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct CudaSpread(ulong To, ulong Indices, int Count, int Stride, int Offset, int Block);

/// <summary>The parts of a layer's gradient, which are added (Kernels/gradients.cu).</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct CudaAddition(ulong Parts, ulong Bands, ulong Indices, int Weights, int Entries, int Each, int Offset, int Block, int Unused);

/// <summary>What is done for all layers at once before and after a pass: a launch for each layer would take longer than its work.</summary>
internal sealed class JoinedLaunches : IDisposable
{
    private const int Threads = 256, Warp = 32, SpreadByThread = 4;

    private readonly List<DeviceMemory> _owned = [];
    private readonly (ulong Layers, ulong Owners, int Blocks) _spreads, _additions;

    /// <summary>Makes the tables on a device.</summary>
    /// <param name="device">Where.</param>
    /// <param name="commands">The queue that writes them.</param>
    /// <param name="operations">The operations, loaded.</param>
    public JoinedLaunches(IDevice device, ICommands commands, ReadOnlySpan<CudaOperation> operations)
    {
        List<CudaSpread> spreads = [];
        List<CudaAddition> additions = [];
        List<int> spreading = [], adding = [];
        foreach (CudaOperation operation in operations)
        {
            if (operation.Spread is { } spread)
            {
                spreads.Add(spread with { Block = spreading.Count });
                Own(spreading, spreads.Count - 1, CudaPass.Blocks(spread.Count, SpreadByThread));
            }
            if (operation.Addition is { } addition)
            {
                additions.Add(addition with { Block = adding.Count });
                Own(adding, additions.Count - 1, (addition.Bands == 0 ? 1L : Warp) * addition.Entries);
            }
        }
        _spreads = (Table<CudaSpread>([.. spreads]), Table<int>([.. spreading]), spreading.Count);
        _additions = (Table<CudaAddition>([.. additions]), Table<int>([.. adding]), adding.Count);

        static void Own(List<int> owners, int layer, long threads) => owners.AddRange(Enumerable.Repeat(layer, CudaPass.Blocks(threads, Threads)));

        ulong Table<T>(ReadOnlySpan<T> values) where T : unmanaged
        {
            if (values.IsEmpty) return 0;
            DeviceMemory memory = device.Allocate(commands, values);
            _owned.Add(memory);
            return memory.Address;
        }
    }

    /// <summary>Before a forward pass: the step's weights in the orders of the sums.</summary>
    public void Spread(in CudaPass pass) =>
        pass.Run("convolution/spread", (_spreads.Blocks, 1, 1), Threads, 0, _spreads.Layers, _spreads.Owners, pass.Parameters);

    /// <summary>After a backward pass: the parts of gradients are added.</summary>
    public void Add(in CudaPass pass) =>
        pass.Run("gradients/add_parts", (_additions.Blocks, 1, 1), Threads, 0, _additions.Layers, _additions.Owners, pass.Gradient, TilesWithExamples(pass.Tiles));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeviceMemory owned in _owned) owned.Dispose();
    }

    /// <summary>Tiles of sixteen images whose sums are added: the first one, and the others that hold an example.</summary>
    private static int TilesWithExamples(BatchTiles tiles)
    {
        int count = 1;
        while (count < tiles.ImageTiles && tiles.ValidLanes[count] > 0) count++;
        return count;
    }
}
