using System.Collections.Immutable;
using Lottery.Cuda.Driver;
using Lottery.Operations;
using Lottery.Plans;

namespace Lottery.Cuda.Operations;

/// <summary>
/// The values of a plan's tensors for one batch on a device, or their gradients. Features lie as in the engine; images as
/// <c>[tile of 32][channel][row + border][column + border][32 lanes]</c>, two of the engine's tiles side by side, of an odd number the last
/// half padding. Every tensor has a buffer of its own, except where it shares its values or its gradient with another.
/// </summary>
internal sealed class CudaBuffers : IDisposable
{
    /// <summary>Lanes of an image tile.</summary>
    public const int ImageLanes = 32;

    private readonly DeviceMemory?[] _owned;
    private readonly ulong[] _addresses;

    private CudaBuffers(IDevice device, BatchTiles tiles, ImmutableArray<BufferRow> rows, Func<BufferRow, (Lifetime Lifetime, int Owner)> of)
    {
        (Tiles, _owned, _addresses) = (tiles, new DeviceMemory?[rows.Length], new ulong[rows.Length]);
        try
        {
            foreach (BufferRow row in rows)
                if (of(row) is (not Lifetime.None, var owner) && owner == row.Tensor.Index)
                    _owned[owner] = device.Allocate(sizeof(float) * Math.Max(Length(row.Tensor), 1));
        }
        catch
        {
            Dispose();
            throw;
        }
        foreach (BufferRow row in rows)
            if (of(row) is (not Lifetime.None, var owner)) _addresses[row.Tensor.Index] = _owned[owner]?.Address ?? 0;
    }

    /// <summary>How the examples are divided into tiles.</summary>
    public BatchTiles Tiles { get; }

    /// <summary>The number of image tiles.</summary>
    public int ImageTiles => (Tiles.ImageTiles + 1) / 2;

    /// <summary>The address of a tensor's first tile.</summary>
    public ulong this[PlanTensor tensor] => Has(tensor)
        ? _addresses[tensor.Index]
        : throw new InvalidOperationException($"The tensor {tensor.Index} has no buffer.");

    /// <summary>Allocates the values of every tensor.</summary>
    /// <param name="device">Where.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="batch">Examples of a batch.</param>
    public static CudaBuffers OfValues(IDevice device, CompiledPlan plan, int batch) =>
        new(device, new BatchTiles(batch), plan.Buffers.Rows, row => (row.Values, row.ValueBuffer));

    /// <summary>
    /// Allocates the values of every tensor for forward passes alone: where nothing reads a tensor any more, the next one of the same layout
    /// takes its buffer. Their borders and padding rows stay zero.
    /// </summary>
    /// <param name="device">Where.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="batch">Examples of a batch.</param>
    public static CudaBuffers OfForward(IDevice device, CompiledPlan plan, int batch)
    {
        int[] owners = ForwardOwners(plan);
        return new(device, new BatchTiles(batch), plan.Buffers.Rows, row => (row.Values, owners[row.ValueBuffer]));
    }

    /// <summary>Allocates the gradients of every tensor but the network's input; that of the output lies where its values do.</summary>
    /// <param name="device">Where.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="x">The values.</param>
    public static CudaBuffers OfGradients(IDevice device, CompiledPlan plan, CudaBuffers x)
    {
        PlanTensor output = plan.Output;
        var gradients = new CudaBuffers(
            device, x.Tiles, plan.Buffers.Rows, row => (row.GradientBuffer == output.Index ? Lifetime.None : row.Gradient, row.GradientBuffer));
        foreach (BufferRow row in plan.Buffers.Rows)
            if (row.GradientBuffer == output.Index) gradients._addresses[row.Tensor.Index] = x[output];
        return gradients;
    }

    /// <summary>False for a tensor without a buffer: the gradient of the network's input, and what exists inside one operation only.</summary>
    public bool Has(PlanTensor tensor) => _addresses[tensor.Index] != 0;

    /// <summary>Values of one tile of a tensor.</summary>
    public int TileLength(PlanTensor tensor) =>
        tensor.Shape.IsFlat ? tensor.TileLength(Tiles.Lanes) : checked(tensor.Layout.Length / Kernels.ImageLayout.Lanes * ImageLanes);

    /// <summary>Values of all tiles of a tensor.</summary>
    public long Length(PlanTensor tensor) => (long)TileLength(tensor) * (tensor.Shape.IsFlat ? Tiles.Tiles : ImageTiles);

    /// <summary>For each tensor with values of its own the tensor whose buffer it takes.</summary>
    private static int[] ForwardOwners(CompiledPlan plan)
    {
        ImmutableArray<BufferRow> rows = plan.Buffers.Rows;
        int[] owners = [.. Enumerable.Range(0, rows.Length)], lastRead = [.. Enumerable.Repeat(-1, rows.Length)];
        for (int i = 0; i < plan.Operations.Length; i++)
            foreach (PlanTensor read in plan.Operations[i].Inputs) lastRead[rows[read.Index].ValueBuffer] = i;
        var free = new Dictionary<(Kernels.ImageLayout, int), Stack<int>>();
        for (int i = 0; i < plan.Operations.Length; i++)
        {
            foreach (PlanTensor written in plan.Operations[i].Outputs)
                if (rows[written.Index].ValueBuffer == written.Index && Free(written).TryPop(out int owner)) owners[written.Index] = owner;
            // Neither the input, of which not everything is written, nor the output.
            for (int tensor = 1; tensor < rows.Length - 1; tensor++)
                if (lastRead[tensor] == i && rows[tensor].ValueBuffer == tensor && rows[tensor].Values != Lifetime.None) Free(rows[tensor].Tensor).Push(owners[tensor]);
        }
        return owners;

        Stack<int> Free(PlanTensor tensor)
        {
            (Kernels.ImageLayout, int) layout = (tensor.Shape.IsFlat ? default : tensor.Layout, tensor.Live.Length);
            if (!free.TryGetValue(layout, out Stack<int>? buffers)) free[layout] = buffers = [];
            return buffers;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeviceMemory? memory in _owned) memory?.Dispose();
    }
}
