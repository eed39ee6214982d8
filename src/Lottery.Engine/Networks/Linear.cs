using System.Collections.Immutable;
using Lottery.Networks.Descriptions;

namespace Lottery.Networks;

/// <summary>y = W x + b, with W <c>[outputs, inputs]</c> and b <c>[outputs]</c>.</summary>
public sealed record Linear(string Name, int Inputs, int Outputs, LayerKind Kind) : Layer(Name)
{
    /// <summary>False where a protocol does not prune the layer; it is then left out of densities.</summary>
    public bool Prunable { get; init; } = true;

    /// <summary>A linear layer that is not the last, and the last one.</summary>
    internal static LayerWord Word { get; } = new("fc", "fc", ["units", "prune", "name"],
        (builder, settings) => builder.Linear(settings.Whole("units"), settings.Truth("prune"), settings.Name)) { Described = "linear" };

    /// <inheritdoc cref="Word"/>
    internal static LayerWord OutputWord { get; } = new("output", "output", ["classes", "prune", "name"],
        (builder, settings) => builder.Output(settings.Whole("classes"), settings.Truth("prune"), settings.Name)) { Described = "linear" };

    internal override LayerText Text => (Kind == LayerKind.Output ? new LayerText(OutputWord, Name).With("classes", Outputs) : new LayerText(Word, Name).With("units", Outputs))
        .WithSwitch("prune", Prunable, DescribedSettings.Unpruned);

    internal override ChannelUse Uses => ChannelUse.Weighted;

    internal override string? KernelFamily => null;

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

public sealed partial class NetworkBuilder
{
    /// <summary>Adds a linear layer that is not the last.</summary>
    public NetworkBuilder Linear(int outputs, bool prunable = true, string? name = null) =>
        Add(new Linear(name ?? Name("fc"), Shape.Channels, outputs, LayerKind.Fc) { Prunable = prunable });

    /// <summary>Adds the last linear layer, one score a class.</summary>
    public NetworkBuilder Output(int classes, bool prunable = true, string? name = null) =>
        Add(new Linear(name ?? "output", Shape.Channels, classes, LayerKind.Output) { Prunable = prunable });
}
