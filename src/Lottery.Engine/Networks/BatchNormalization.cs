using System.Collections.Immutable;
using Lottery.Networks.Descriptions;

namespace Lottery.Networks;

/// <summary>
/// y = scale × (x − mean) ÷ √(variance + 1e-5) + bias, channel by channel: in training with the mean and variance of the
/// batch, otherwise with running ones (Ioffe &amp; Szegedy 2015; momentum 0.1 and unbiased running variance, as PyTorch).
/// </summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Channels">Channels that it takes.</param>
public sealed record BatchNormalization(string Name, int Channels) : Layer(Name)
{
    /// <summary>The word of a batch normalization.</summary>
    internal static LayerWord Word { get; } = new("batch-norm", "bn", ["name"], (builder, settings) => builder.BatchNormalization(settings.Name));

    internal override LayerText Text => new(Word, Name);

    internal override ChannelUse Uses => ChannelUse.Same;

    internal override string? KernelFamily => "normalization";

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters =>
    [
        Each("weight", ParameterRole.Scale), Each("bias", ParameterRole.Bias),
        Each("running_mean", ParameterRole.RunningMean), Each("running_var", ParameterRole.RunningVariance),
    ];

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    internal override bool TakesRelu => true;

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Image(input).Channels == Channels ? input : throw Mismatch($"{Channels} channels", input);

    private Parameter Each(string part, ParameterRole role) =>
        new($"{Name}.{part}", [Channels], LayerKind.Normalization, Prunable: false, Channels, Channels) { Role = role };
}

public sealed partial class NetworkBuilder
{
    /// <summary>Adds a batch normalization.</summary>
    public NetworkBuilder BatchNormalization(string? name = null) => Add(new BatchNormalization(name ?? Name("bn"), Shape.Channels));
}
