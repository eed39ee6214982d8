namespace Lottery.Networks;

/// <summary>y = max(0, x), value by value.</summary>
public sealed record Relu(string Name) : Layer(Name)
{
    /// <inheritdoc/>
    public override string Description => "relu";

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => input;
}

/// <summary>Every value of an image as a plain unit, channel by channel, row by row.</summary>
public sealed record Flatten(string Name) : Layer(Name)
{
    /// <inheritdoc/>
    public override string Description => "flatten";

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Shape.Flat(Image(input).Count);
}

/// <summary>
/// In training, every value is zero with probability <paramref name="Rate"/> and otherwise divided by 1 − rate (Srivastava
/// et al. 2014); outside training nothing happens.
/// </summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Rate">The share of values that become zero, in [0, 1).</param>
public sealed record Dropout(string Name, double Rate) : Layer(Name)
{
    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"{Name}=dropout({Rate:R})");

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Rate is >= 0 and < 1
        ? input
        : throw new ArgumentException(FormattableString.Invariant($"Layer {Name} has the rate {Rate}, which is not in [0, 1)."));
}
