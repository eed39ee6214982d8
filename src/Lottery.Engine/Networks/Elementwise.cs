using Lottery.Networks.Descriptions;

namespace Lottery.Networks;

/// <summary>y = max(0, x), value by value.</summary>
public sealed record Relu(string Name) : Layer(Name)
{
    /// <summary>The word of a ReLU.</summary>
    internal static LayerWord Word { get; } = new("relu", "relu", [], (builder, _) => builder.Relu());

    internal override LayerText Text => new(Word, Name);

    internal override ChannelUse Uses => ChannelUse.Same;

    internal override string? KernelFamily => null;

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => input;
}

/// <summary>Every value of an image as a plain unit, channel by channel, row by row.</summary>
public sealed record Flatten(string Name) : Layer(Name)
{
    /// <summary>The word of flattening.</summary>
    internal static LayerWord Word { get; } = new("flatten", "flatten", [], (builder, _) => builder.Flatten());

    internal override LayerText Text => new(Word, Name);

    internal override ChannelUse Uses => ChannelUse.Flattened;

    internal override string? KernelFamily => "image";

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
/// <param name="Rate">The fraction of values that become zero, in [0, 1).</param>
public sealed record Dropout(string Name, double Rate) : Layer(Name)
{
    /// <summary>The word of dropout.</summary>
    internal static LayerWord Word { get; } = new("dropout", "dropout", ["rate", "name"],
        (builder, settings) => builder.Dropout(settings.Fraction("rate"), settings.Name));

    internal override LayerText Text => new LayerText(Word, Name).With("rate", Rate);

    internal override ChannelUse Uses => ChannelUse.Same;

    internal override string? KernelFamily => "dropout";

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Rate is >= 0 and < 1
        ? input
        : throw new ArgumentException(FormattableString.Invariant($"Layer {Name} has the rate {Rate}, which is not in [0, 1)."));
}

public sealed partial class NetworkBuilder
{
    /// <summary>Adds a ReLU.</summary>
    public NetworkBuilder Relu() => Add(new Relu(Name("relu")));

    /// <summary>Adds the step from images to plain units.</summary>
    public NetworkBuilder Flatten() => Add(new Flatten(Name("flatten")));

    /// <summary>Adds dropout.</summary>
    public NetworkBuilder Dropout(double rate, string? name = null) => Add(new Dropout(name ?? Name("dropout"), rate));
}
