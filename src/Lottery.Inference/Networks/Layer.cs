namespace Lottery.Networks;

/// <summary>One step from input to output. Layers with weights are numbered by kind: <c>fc1</c>, <c>fc2</c>, <c>output</c>.</summary>
/// <param name="Name">The layer's name, unique in its network.</param>
public abstract record Layer(string Name)
{
    /// <summary>
    /// The layer in a network's <see cref="Network.Description"/>: one word without spaces that states all that decides
    /// its results. A layer with weights begins with its name, since that names its random numbers.
    /// </summary>
    public abstract string Description { get; }
}

/// <summary>y = W x + b, with W <c>[outputs, inputs]</c> and b <c>[outputs]</c>.</summary>
public sealed record Linear(string Name, int Inputs, int Outputs, LayerKind Kind) : Layer(Name)
{
    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"{Name}=linear({Outputs})");
}

/// <summary>y = max(0, x), value by value.</summary>
public sealed record Relu(string Name) : Layer(Name)
{
    /// <inheritdoc/>
    public override string Description => "relu";
}
