using Lottery.Kernels;

namespace Lottery.Operations;

/// <summary>What every operation of a backward pass works with.</summary>
internal readonly struct BackwardContext
{
    /// <summary>The forward pass before it.</summary>
    public required ForwardContext Forward { get; init; }

    /// <summary>The gradient of every tensor; the network's input has none.</summary>
    public required TensorBuffers Dx { get; init; }

    /// <summary>Receives the gradients of the parameters.</summary>
    public required IGradientSink Sink { get; init; }

    /// <summary>The values of every tensor.</summary>
    public TensorBuffers X => Forward.X;

    /// <summary>The kernels.</summary>
    public KernelSet Kernels => Forward.Kernels;

    /// <summary>The threads.</summary>
    public ThreadTeam Team => Forward.Team;

    /// <summary>How the examples are divided into tiles.</summary>
    public BatchTiles Tiles => Forward.Tiles;

    /// <summary>The parameters of an operation.</summary>
    public ReadOnlySpan<float> ParametersOf(Operation operation) => Forward.ParametersOf(operation);
}

/// <summary>Receives the gradient of each parameter during a backward pass, as soon as it is complete.</summary>
internal interface IGradientSink
{
    /// <summary>Takes the gradient of consecutive parameters.</summary>
    /// <param name="offset">The index of the first among the plan's parameters, a multiple of 16.</param>
    /// <param name="gradient">One value a parameter; its length is a multiple of 16.</param>
    void Apply(int offset, ReadOnlySpan<float> gradient);
}
