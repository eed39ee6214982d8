using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>The buffer of one tensor; several tensors may share one.</summary>
/// <param name="Values">The memory, tile after tile.</param>
/// <param name="Length">Values of a tile.</param>
/// <param name="Tiles">Tiles that the memory holds: all of the batch, or one a thread for a transient tensor.</param>
internal readonly record struct TileBuffer(AlignedBuffer<float>? Values, int Length, int Tiles);

/// <summary>The values of a plan's tensors for one batch, or their gradients.</summary>
/// <param name="tiles">How the examples are divided into tiles.</param>
/// <param name="buffers">For each tensor its buffer.</param>
/// <param name="indices">For each operation the bytes that its forward pass leaves for its backward pass, image tile after image tile.</param>
internal sealed class TensorBuffers(BatchTiles tiles, TileBuffer[] buffers, Dictionary<Operation, AlignedBuffer<byte>> indices) : IDisposable
{
    /// <summary>How the examples are divided into tiles.</summary>
    public BatchTiles Tiles { get; } = tiles;

    /// <summary>False for a tensor without a buffer: the gradient of the network's input.</summary>
    public bool Has(PlanTensor tensor) => buffers[tensor.Index].Values is not null;

    /// <summary>The buffer of a tensor.</summary>
    public TileBuffer this[PlanTensor tensor] => buffers[tensor.Index];

    /// <summary>One tile of a tensor.</summary>
    public Span<float> At(PlanTensor tensor, int tile)
    {
        (AlignedBuffer<float>? values, int length, int count) = buffers[tensor.Index];
        return values!.Span.Slice(tile % count * length, length);
    }

    /// <summary>Every tile of a tensor, one after the other.</summary>
    public Span<float> All(PlanTensor tensor) => buffers[tensor.Index].Values!.Span;

    /// <summary>One tile of a tensor that ends with a ReLU, otherwise nothing: where it is not above zero, its gradient is zero.</summary>
    public Span<float> ReluMask(PlanTensor tensor, int tile) => tensor.HasRelu ? At(tensor, tile) : default;

    /// <summary>The bytes that an operation's forward pass leaves for its backward pass, one image tile (<see cref="Operation.IndexBytes"/>).</summary>
    public Span<byte> Indices(Operation operation, int tile) => operation.IndexBytes is > 0 and int bytes
        ? indices[operation].Span.Slice(tile * bytes, bytes)
        : default; // All channels are dead.

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TileBuffer buffer in buffers) buffer.Values?.Dispose();
        foreach (AlignedBuffer<byte> buffer in indices.Values) buffer.Dispose();
    }
}
