using System.Collections.Immutable;

namespace Lottery.Networks;

/// <summary>y = W x + b, with W <c>[outputs, inputs]</c> and b <c>[outputs]</c>.</summary>
public sealed record Linear(string Name, int Inputs, int Outputs, LayerKind Kind) : Layer(Name)
{
    /// <summary>False where a protocol does not prune the layer; it is then left out of densities.</summary>
    public bool Prunable { get; init; } = true;

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"{Name}=linear({Outputs}{(Prunable ? "" : ",unpruned")})");

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters =>
    [
        new($"{Name}.weight", [Outputs, Inputs], Kind, Prunable, Inputs, Outputs),
        new($"{Name}.bias", [Outputs], Kind, Prunable: false, Inputs, Outputs) { Role = ParameterRole.Bias },
    ];

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    internal override bool TakesRelu => true;

    /// <inheritdoc/>
    public override Shape Output(Shape input) => input.IsFlat && input.Channels == Inputs
        ? Shape.Flat(Outputs)
        : throw Mismatch(input.IsFlat ? $"{Inputs} values" : $"{Inputs} values, not an image (flatten comes before it)", input);

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input) => (long)Inputs * Outputs;
}
