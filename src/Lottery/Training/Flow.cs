using Lottery.Plans;

namespace Lottery.Training;

/// <summary>What flows back through a plan: the values of every signal, and their gradients.</summary>
/// <param name="X">The values.</param>
/// <param name="Dx">The gradients; those of the scores lie in <paramref name="X"/>, where the loss put them.</param>
internal readonly record struct Flow(Activations X, Activations Dx)
{
    /// <summary>The plan.</summary>
    public NetworkPlan Plan => X.Plan;

    /// <summary>How the examples lie in tiles.</summary>
    public BatchTiles Tiles => X.Tiles;

    /// <summary>The gradient of a signal, one tile.</summary>
    public Span<float> Gradient(Signal signal, int tile) => (signal == Plan.Output ? X : Dx).At(signal, tile);

    /// <summary>The gradient of a signal, every tile.</summary>
    public Span<float> Gradients(Signal signal) => (signal == Plan.Output ? X : Dx).All(signal);

    /// <summary>True for a signal that somebody wants the gradient of: any but the network's input.</summary>
    public bool Wants(Signal signal) => signal != Plan.Input;
}
