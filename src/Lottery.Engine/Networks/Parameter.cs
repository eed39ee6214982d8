using System.Collections.Immutable;

namespace Lottery.Networks;

/// <summary>One tensor of a network, named and shaped as PyTorch does it.</summary>
/// <param name="Name">For example <c>fc1.weight</c> or <c>conv1.bias</c>.</param>
/// <param name="Shape">For example <c>[300, 784]</c> or <c>[64, 3, 3, 3]</c>: outputs first.</param>
/// <param name="Kind">The kind of the layer it belongs to.</param>
/// <param name="Prunable">True for weights that a mask has bits for.</param>
/// <param name="FanIn">Inputs of one unit.</param>
/// <param name="FanOut">Outputs that one input reaches.</param>
public sealed record Parameter(
    string Name, ImmutableArray<int> Shape, LayerKind Kind, bool Prunable, int FanIn, int FanOut)
{
    /// <summary>What it is for.</summary>
    public ParameterRole Role { get; init; } = ParameterRole.Weight;

    /// <summary>The number of values.</summary>
    public int Count { get; } = Shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>True where the optimizer moves it.</summary>
    public bool Trained => Role is not (ParameterRole.RunningMean or ParameterRole.RunningVariance);

    /// <summary>What every value starts at, where it is not sampled.</summary>
    internal float Start => Role is ParameterRole.Scale or ParameterRole.RunningVariance ? 1 : 0;
}
