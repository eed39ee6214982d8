using System.Collections.Immutable;
using Lottery.Numerics;
using Lottery.Operations;

namespace Lottery.Plans;

/// <summary>How long a tensor's values or gradient are kept.</summary>
internal enum Lifetime
{
    /// <summary>There is no buffer: the tensor exists only inside one operation, or its gradient is not needed.</summary>
    None,

    /// <summary>One tile a thread: the tensor is used only inside the fused segment that produces it.</summary>
    Transient,

    /// <summary>Like <see cref="Transient"/>; the backward pass computes each tile again.</summary>
    Recomputed,

    /// <summary>Every tile of the batch.</summary>
    Batch,
}

/// <summary>Where a tensor's values and gradient lie.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Writer">The operation that writes it; null for the network's input.</param>
/// <param name="Readers">The operations that read it.</param>
/// <param name="ValueBuffer">The number of the buffer of its values: the index of the tensor that owns it.</param>
/// <param name="Values">How long its values are kept.</param>
/// <param name="GradientBuffer">The number of the buffer of its gradient: the index of the tensor that owns it.</param>
/// <param name="Gradient">How long its gradient is kept.</param>
internal sealed record BufferRow(
    PlanTensor Tensor, Operation? Writer, ImmutableArray<Operation> Readers, int ValueBuffer, Lifetime Values, int GradientBuffer, Lifetime Gradient);

/// <summary>For every tensor of a plan the buffers of its values and its gradient, and their lifetimes.</summary>
/// <remarks>The gradient of the output lies in the buffer of its values: the loss puts it there.</remarks>
internal sealed class BufferPlan
{
    private readonly ImmutableArray<Operation> _operations;

    /// <summary>Plans the buffers.</summary>
    /// <param name="tensors">The plan's tensors.</param>
    /// <param name="forward">The plan's operations, those together that are fused in a forward pass.</param>
    /// <param name="backward">The same in a backward pass.</param>
    public BufferPlan(ImmutableArray<PlanTensor> tensors, ImmutableArray<FusedSegment> forward, ImmutableArray<FusedSegment> backward)
    {
        _operations = [.. forward.SelectMany(segment => segment.Operations)];
        Dictionary<Operation, int> forwardOf = SegmentOf(forward), backwardOf = SegmentOf(backward);
        var values = new Lifetime[tensors.Length];
        Rows =
        [
            .. tensors.Select(tensor =>
            {
                Operation? writer = _operations.FirstOrDefault(operation => operation.Outputs.Contains(tensor));
                ImmutableArray<Operation> readers = [.. _operations.Where(operation => operation.Inputs.Contains(tensor))];
                values[tensor.Index] = ValuesOf(tensor, writer, readers, IsInner(tensor, tensors, writer, readers, forwardOf, one => one.ValuesOf), values);
                Lifetime gradient = values[tensor.Index] == Lifetime.None || tensor.Index == 0 ? Lifetime.None
                    : IsInner(tensor, tensors, writer, readers, backwardOf, one => one.GradientOf) && writer!.GradientUse == BackwardUse.Tile ? Lifetime.Transient : Lifetime.Batch;
                return new BufferRow(
                    tensor, writer, readers, Owner(tensors, tensor, one => one.ValuesOf), values[tensor.Index],
                    Owner(tensors, tensor, one => one.GradientOf), gradient);
            }),
        ];
    }

    /// <summary>One row a tensor, in the order of the plan.</summary>
    public ImmutableArray<BufferRow> Rows { get; }

    /// <summary>The operation that computes a tensor's tile again in the backward pass; null for a tensor that is kept.</summary>
    public Operation? RecomputedBy(PlanTensor tensor) =>
        Rows[tensor.Index] is { Values: Lifetime.Recomputed } row ? row.Writer : null;

    /// <summary>Allocates the values of every tensor.</summary>
    /// <param name="batch">The most examples of a batch.</param>
    /// <param name="threads">The number of threads.</param>
    public TensorBuffers Allocate(int batch, int threads)
    {
        var tiles = new BatchTiles(batch);
        var indices = _operations.Where(operation => operation.IndexBytes > 0).ToDictionary(
            operation => operation, operation => new AlignedBuffer<byte>(checked(tiles.ImageTiles * operation.IndexBytes)));
        return new(tiles, Buffers(tiles, threads, row => (row.Values, row.ValueBuffer)), indices);
    }

    /// <summary>Allocates the gradients of every tensor but the network's input.</summary>
    /// <param name="x">The values, whose buffer of the output also holds its gradient.</param>
    /// <param name="threads">The number of threads.</param>
    public TensorBuffers AllocateGradients(TensorBuffers x, int threads)
    {
        PlanTensor output = Rows[^1].Tensor;
        TileBuffer[] buffers = Buffers(x.Tiles, threads, row => (row.Tensor == output ? Lifetime.None : row.Gradient, row.GradientBuffer));
        foreach (BufferRow row in Rows.Where(row => row.GradientBuffer == output.Index)) buffers[row.Tensor.Index] = x[output];
        return new(x.Tiles, buffers, []);
    }

    /// <summary>The table, a row a tensor.</summary>
    public override string ToString() => PlanText.Format(
        ["tensor", "shape", "live", "written by", "read by", "values", "gradient"],
        Rows.Select(row => (string[])
        [
            $"{row.Tensor.Index}", $"{row.Tensor.Shape}", $"{row.Tensor.Live.Length}", row.Writer?.Name ?? "(input)",
            row.Readers.IsEmpty ? "(loss)" : string.Join(", ", row.Readers.Select(reader => reader.Name)),
            Describe(row.Values, row.ValueBuffer), Describe(row.Gradient, row.GradientBuffer),
        ]));

    private static string Describe(Lifetime lifetime, int buffer) => lifetime switch
    {
        Lifetime.None => "-",
        Lifetime.Transient => $"{buffer} transient",
        Lifetime.Recomputed => $"{buffer} recomputed",
        _ => $"{buffer}",
    };

    private static int Owner(ImmutableArray<PlanTensor> tensors, PlanTensor tensor, Func<PlanTensor, int?> other)
    {
        while (other(tensor) is { } index) tensor = tensors[index];
        return tensor.Index;
    }

    private static Dictionary<Operation, int> SegmentOf(ImmutableArray<FusedSegment> segments) =>
        segments.SelectMany((segment, i) => segment.Operations.Select(operation => (operation, i))).ToDictionary(pair => pair.operation, pair => pair.i);

    /// <summary>True for images that one operation of a segment writes and another of the same segment reads, in a buffer that no other tensor shares.</summary>
    private static bool IsInner(
        PlanTensor tensor, ImmutableArray<PlanTensor> tensors, Operation? writer, ImmutableArray<Operation> readers,
        Dictionary<Operation, int> segmentOf, Func<PlanTensor, int?> sharedWith) =>
        !tensor.Shape.IsFlat && writer is { IsTiled: true } && readers is [{ IsTiled: true } reader] && segmentOf[writer] == segmentOf[reader]
        && sharedWith(tensor) is null && !tensors.Any(other => sharedWith(other) == tensor.Index);

    private static Lifetime ValuesOf(
        PlanTensor tensor, Operation? writer, ImmutableArray<Operation> readers, bool isInner, Lifetime[] before)
    {
        if (writer is null && tensor.Index > 0) return Lifetime.None;
        if (!isInner || writer!.OutputUse != BackwardUse.None) return Lifetime.Batch;
        if (readers[0].InputUse == BackwardUse.None) return Lifetime.Transient;
        return readers[0].InputUse == BackwardUse.Tile && writer.IsCheapToRecompute && before[writer.Input.Index] == Lifetime.Batch
            ? Lifetime.Recomputed : Lifetime.Batch;
    }

    private TileBuffer[] Buffers(BatchTiles tiles, int threads, Func<BufferRow, (Lifetime Lifetime, int Owner)> of)
    {
        var buffers = new TileBuffer[Rows.Length];
        foreach (BufferRow row in Rows)
        {
            (Lifetime lifetime, int owner) = of(row);
            if (lifetime == Lifetime.None || owner != row.Tensor.Index) continue;
            int length = row.Tensor.TileLength(tiles.Lanes), count = row.Tensor.Shape.IsFlat ? tiles.Tiles : tiles.ImageTiles;
            if (lifetime != Lifetime.Batch) count = Math.Min(count, threads);
            buffers[row.Tensor.Index] = new(new(checked(count * length)), length, count);
        }
        foreach (BufferRow row in Rows.Where(row => of(row) is (not Lifetime.None, var owner) && owner != row.Tensor.Index))
            buffers[row.Tensor.Index] = buffers[of(row).Owner];
        return buffers;
    }
}
