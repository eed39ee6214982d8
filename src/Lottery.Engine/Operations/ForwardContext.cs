using Lottery.Kernels;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>What every operation of a forward pass works with.</summary>
internal readonly struct ForwardContext
{
    /// <summary>The kernels.</summary>
    public required KernelSet Kernels { get; init; }

    /// <summary>The threads.</summary>
    public required ThreadTeam Team { get; init; }

    /// <summary>The parameters of every operation, each operation's at its <see cref="Operation.Offset"/>.</summary>
    public required AlignedBuffer<float> Parameters { get; init; }

    /// <summary>The values of every tensor.</summary>
    public required TensorBuffers X { get; init; }

    /// <summary>True if normalizations use the batch's own statistics and dropout drops.</summary>
    public bool Training { get; init; }

    /// <summary>The run's seed, which dropout samples from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The training step, which dropout samples from.</summary>
    public int Step { get; init; }

    /// <summary>How the examples are divided into tiles.</summary>
    public BatchTiles Tiles => X.Tiles;

    /// <summary>The parameters of an operation.</summary>
    public Span<float> ParametersOf(Operation operation) => Parameters.Span.Slice(operation.Offset, operation.Length);
}
