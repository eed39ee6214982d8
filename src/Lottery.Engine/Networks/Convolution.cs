using System.Collections.Immutable;
using Lottery.Networks.Descriptions;

namespace Lottery.Networks;

/// <summary>
/// y[o] = b[o] + Σ W[o, c, r, k] x[c] moved by r rows and k columns, with W <c>[outputs, inputs, kernel, kernel]</c>;
/// outside the image x is zero.
/// </summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Inputs">Channels that it takes.</param>
/// <param name="Outputs">Channels that it makes.</param>
/// <param name="Kernel">Rows and columns of the kernel.</param>
public sealed record Convolution(string Name, int Inputs, int Outputs, int Kernel) : Layer(Name)
{
    /// <summary>Rows and columns from one place of the kernel to the next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Rows and columns of zeros around the image; by default the image keeps its size at stride 1.</summary>
    public int Padding { get; init; } = (Kernel - 1) / 2;

    /// <summary>True where a bias is added; a normalization after it makes one needless.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>False where a protocol does not prune the layer; it is then left out of densities.</summary>
    public bool Prunable { get; init; } = true;

    /// <summary>The word of a convolution.</summary>
    internal static LayerWord Word { get; } = new("conv", "conv", ["channels", "kernel", "stride", "padding", "bias", "prune", "name"], (builder, settings) =>
    {
        int kernel = settings.Whole("kernel", 3);
        return builder.Convolution(
            settings.Whole("channels"), kernel, settings.Whole("stride", 1), settings.Whole("padding", (kernel - 1) / 2, least: 0),
            settings.Truth("bias"), settings.Truth("prune"), settings.Name);
    });

    internal override LayerText Text => new LayerText(Word, Name).With("channels", Outputs).With("kernel", Kernel, byDefault: 3)
        .WithKey("stride", Stride, byDefault: 1).WithKey("padding", Padding, byDefault: (Kernel - 1) / 2)
        .WithSwitch("bias", Bias, DescribedSettings.NoBias).WithSwitch("prune", Prunable, DescribedSettings.Unpruned);

    internal override ChannelUse Uses => ChannelUse.Weighted;

    internal override string? KernelFamily => "convolution";

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters
    {
        get
        {
            int fanIn = checked(Inputs * Kernel * Kernel), fanOut = checked(Outputs * Kernel * Kernel);
            var weight = new Parameter($"{Name}.weight", [Outputs, Inputs, Kernel, Kernel], LayerKind.Conv, Prunable, fanIn, fanOut);
            return Bias
                ? [weight, new($"{Name}.bias", [Outputs], LayerKind.Conv, Prunable: false, fanIn, fanOut) { Role = ParameterRole.Bias }]
                : [weight];
        }
    }

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    internal override bool TakesRelu => true;

    internal override int Border => Window.Border;

    /// <summary>The kernel, its stride and its padding.</summary>
    internal KernelWindow Window => new(Kernel, Stride, Padding);

    /// <summary>Weights that one output channel has.</summary>
    internal int WeightsPerOutput => Inputs * Kernel * Kernel;

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        if (Image(input).Channels != Inputs) throw Mismatch($"{Inputs} channels", input);
        int height = Window.Positions(input.Height), width = Window.Positions(input.Width);
        return height > 0 && width > 0 ? new(Outputs, height, width) : throw Mismatch($"images of at least {Kernel}×{Kernel}", input);
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input)
    {
        Shape output = Output(input);
        return (long)Inputs * Kernel * Kernel * output.Count;
    }
}

/// <summary>A square kernel that slides over an image.</summary>
/// <param name="Size">Rows and columns.</param>
/// <param name="Stride">Pixels from one position to the next.</param>
/// <param name="Padding">Zeros around the image.</param>
internal readonly record struct KernelWindow(int Size, int Stride, int Padding)
{
    /// <summary>Pixels around the image that are read: the padding forward, the rest of the kernel backward.</summary>
    public int Border => Math.Max(Padding, Size - 1 - Padding);

    /// <summary>Positions along a side of <paramref name="size"/> pixels; 0 if the kernel does not fit.</summary>
    public int Positions(int size)
    {
        int padded = checked(size + 2 * Padding);
        return padded < Size ? 0 : (padded - Size) / Stride + 1;
    }
}

public sealed partial class NetworkBuilder
{
    /// <summary>Adds a convolution; by default the image keeps its size at stride 1.</summary>
    public NetworkBuilder Convolution(
        int outputs, int kernel, int stride = 1, int? padding = null, bool bias = true, bool prunable = true, string? name = null) =>
        Add(new Convolution(name ?? Name("conv"), Shape.Channels, outputs, kernel)
        {
            Stride = stride, Padding = padding ?? (kernel - 1) / 2, Bias = bias, Prunable = prunable,
        });
}
