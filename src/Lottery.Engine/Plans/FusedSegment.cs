using System.Collections.Immutable;
using Lottery.Operations;

namespace Lottery.Plans;

/// <summary>
/// Consecutive operations on images that run tile by tile, in one direction: what one writes, the next finds in the cache. An operation
/// that is not tiled is a segment of its own; one that begins with the whole batch is the first of its segment in either direction.
/// </summary>
/// <remarks>
/// Tile t belongs to partition t mod threads, and one thread runs a partition's tiles one after the other: a transient
/// tensor has one buffer for each partition.
/// </remarks>
internal sealed class FusedSegment
{
    private readonly Action<int, int> _forwardPart;
    private readonly bool _isTiled;
    private Action<int, int>? _backwardPart;
    private Operation?[] _recomputed = [];
    private ForwardContext _forward;
    private BackwardContext _backward;

    private FusedSegment(ImmutableArray<Operation> operations)
    {
        (Operations, _isTiled) = (operations, operations[0].IsTiled);
        _forwardPart = ForwardPart;
    }

    /// <summary>The operations in the order of the forward pass.</summary>
    public ImmutableArray<Operation> Operations { get; }

    /// <summary>The longest segments of a plan's operations for its forward passes.</summary>
    public static ImmutableArray<FusedSegment> Forward(ImmutableArray<Operation> operations) =>
        Of(operations, (_, next) => next.BeginsWithBatch);

    /// <summary>The longest segments of a plan's operations for its backward passes, in the order of the forward pass.</summary>
    public static ImmutableArray<FusedSegment> Backward(ImmutableArray<Operation> operations) =>
        Of(operations, (last, _) => last.BeginsWithBatch);

    /// <summary>Takes over which inputs are recomputed in the backward pass.</summary>
    public void Use(BufferPlan buffers) =>
        _recomputed = [.. Operations.Select(operation => buffers.RecomputedBy(operation.Input))];

    /// <summary>From the first operation's input to the last one's output, for the whole batch.</summary>
    public void Forward(in ForwardContext context)
    {
        _forward = context;
        foreach (Operation operation in Operations) operation.BeginForward(context);
        context.Team.Run(_isTiled ? context.Team.Threads : Operations[0].Parts, _forwardPart);
    }

    /// <summary>From the gradient of the last operation's output to that of the first one's input, for the whole batch.</summary>
    public void Backward(in BackwardContext context)
    {
        _backward = context;
        _backwardPart ??= BackwardPart; // Not in the constructor: a trimmed predictor contains no backward pass.
        for (int i = Operations.Length - 1; i >= 0; i--) Operations[i].BeginBackward(context);
        context.Team.Run(_isTiled ? context.Team.Threads : Operations[0].Parts, _backwardPart);
        for (int i = Operations.Length - 1; i >= 0; i--) Operations[i].EndBackward(context);
    }

    private static ImmutableArray<FusedSegment> Of(ImmutableArray<Operation> operations, Func<Operation, Operation, bool> separates)
    {
        var segments = ImmutableArray.CreateBuilder<FusedSegment>();
        for (int start = 0, end; start < operations.Length; start = end)
        {
            end = start + 1;
            while (end < operations.Length && operations[end - 1].IsTiled && operations[end].IsTiled
                && !separates(operations[end - 1], operations[end])) end++;
            segments.Add(new(operations[start..end]));
        }
        return segments.ToImmutable();
    }

    private void ForwardPart(int part, int worker)
    {
        if (!_isTiled)
        {
            Operations[0].Forward(_forward, part, worker);
            return;
        }
        ReadOnlySpan<int> validLanes = _forward.Tiles.ValidLanes;
        for (int tile = part; tile < validLanes.Length; tile += _forward.Team.Threads)
            if (validLanes[tile] > 0)
                foreach (Operation operation in Operations) operation.Forward(_forward, tile, worker);
    }

    private void BackwardPart(int part, int worker)
    {
        if (!_isTiled)
        {
            Operations[0].Backward(_backward, part, worker);
            return;
        }
        ReadOnlySpan<int> validLanes = _backward.Tiles.ValidLanes;
        for (int tile = part; tile < validLanes.Length; tile += _backward.Team.Threads)
            for (int i = Operations.Length - 1; validLanes[tile] > 0 && i >= 0; i--)
            {
                _recomputed[i]?.Forward(_backward.Forward, tile, worker);
                Operations[i].Backward(_backward, tile, worker);
            }
    }
}
