using System.Collections.Immutable;
using Lottery.Networks.Descriptions;

namespace Lottery.Networks;

/// <summary>
/// A convolution of each channel by itself (PyTorch's <c>groups=channels</c>): y[c] = b[c] + Σ W[c, 0, r, k] x[c] shifted by
/// r rows and k columns, with W <c>[channels, 1, kernel, kernel]</c>; outside the image x is zero.
/// </summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Channels">Channels of its input and of its output.</param>
/// <param name="Kernel">Rows and columns of the kernel.</param>
public sealed record DepthwiseConvolution(string Name, int Channels, int Kernel) : Layer(Name)
{
    /// <summary>Rows and columns from one position of the kernel to the next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Rows and columns of zeros around the image; by default the image keeps its size at stride 1.</summary>
    public int Padding { get; init; } = (Kernel - 1) / 2;

    /// <summary>True if a bias is added; a normalization after the layer makes it redundant.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>False if a protocol does not prune the layer; it then does not count in densities.</summary>
    public bool Prunable { get; init; } = true;

    /// <summary>The word of a depthwise convolution.</summary>
    internal static LayerWord Word { get; } = new("depthwise-conv", "conv", ["kernel", "stride", "padding", "bias", "prune", "name"], (builder, settings) =>
    {
        int kernel = settings.Whole("kernel", 3);
        return builder.DepthwiseConvolution(
            kernel, settings.Whole("stride", 1), settings.Whole("padding", (kernel - 1) / 2, least: 0),
            settings.Truth("bias"), settings.Truth("prune"), settings.Name);
    });

    internal override LayerText Text => new LayerText(Word, Name).With("kernel", Kernel)
        .WithKey("stride", Stride, byDefault: 1).WithKey("padding", Padding, byDefault: (Kernel - 1) / 2)
        .WithSwitch("bias", Bias, DescribedSettings.NoBias).WithSwitch("prune", Prunable, DescribedSettings.Unpruned);

    internal override ChannelUse Uses => ChannelUse.SameWeighted;

    internal override string? KernelFamily => "convolution";

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters
    {
        get
        {
            int fan = checked(Kernel * Kernel);
            var weight = new Parameter($"{Name}.weight", [Channels, 1, Kernel, Kernel], LayerKind.Conv, Prunable, fan, fan);
            return Bias
                ? [weight, new($"{Name}.bias", [Channels], LayerKind.Conv, Prunable: false, fan, fan) { Role = ParameterRole.Bias }]
                : [weight];
        }
    }

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    internal override bool TakesRelu => true;

    internal override int Border => Window.Border;

    /// <summary>The kernel, its stride and its padding.</summary>
    internal KernelWindow Window => new(Kernel, Stride, Padding);

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        if (Image(input).Channels != Channels) throw Mismatch($"{Channels} channels", input);
        int height = Window.Positions(input.Height), width = Window.Positions(input.Width);
        return height > 0 && width > 0 ? new(Channels, height, width) : throw Mismatch($"images of at least {Kernel}×{Kernel}", input);
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input) => (long)Kernel * Kernel * Output(input).Count;
}

public sealed partial class NetworkBuilder
{
    /// <summary>Adds a depthwise convolution, numbered among the convolutions; by default the image keeps its size at stride 1.</summary>
    public NetworkBuilder DepthwiseConvolution(
        int kernel, int stride = 1, int? padding = null, bool bias = true, bool prunable = true, string? name = null) =>
        Add(new DepthwiseConvolution(name ?? Name("conv"), Shape.Channels, kernel)
        {
            Stride = stride, Padding = padding ?? (kernel - 1) / 2, Bias = bias, Prunable = prunable,
        });
}
