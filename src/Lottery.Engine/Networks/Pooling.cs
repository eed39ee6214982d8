using Lottery.Networks.Descriptions;

namespace Lottery.Networks;

/// <summary>The largest value of every window; what the image has beyond the last whole window is left out.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Size">Rows and columns of a window, and from one window to the next.</param>
public sealed record MaxPool(string Name, int Size) : Layer(Name)
{
    /// <summary>The word of max pooling.</summary>
    internal static LayerWord Word { get; } = new("max-pool", "pool", ["size"], (builder, settings) => builder.MaxPool(settings.Whole("size")));

    internal override LayerText Text => new LayerText(Word, Name).With("size", Size);

    internal override ChannelUse Uses => ChannelUse.Same;

    internal override string? KernelFamily => "image";

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Windows.Of(this, Image(input), Size);
}

/// <summary>The mean of every window; what the image has beyond the last whole window is left out.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Size">Rows and columns of a window, and from one window to the next.</param>
public sealed record AveragePool(string Name, int Size) : Layer(Name)
{
    /// <summary>The word of average pooling.</summary>
    internal static LayerWord Word { get; } = new("average-pool", "pool", ["size"], (builder, settings) => builder.AveragePool(settings.Whole("size")));

    internal override LayerText Text => new LayerText(Word, Name).With("size", Size);

    internal override ChannelUse Uses => ChannelUse.Same;

    internal override string? KernelFamily => "image";

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Windows.Of(this, Image(input), Size);
}

/// <summary>The mean of every channel, as a plain unit.</summary>
/// <param name="Name">The layer's name.</param>
public sealed record GlobalAveragePool(string Name) : Layer(Name)
{
    /// <summary>The word of global average pooling.</summary>
    internal static LayerWord Word { get; } = new("global-average-pool", "pool", [], (builder, _) => builder.GlobalAveragePool());

    internal override LayerText Text => new(Word, Name);

    internal override ChannelUse Uses => ChannelUse.Same;

    internal override string? KernelFamily => "image";

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Shape.Flat(Image(input).Channels);
}

/// <summary>How many windows an image has.</summary>
internal static class Windows
{
    public static Shape Of(Layer layer, Shape input, int size) => size > 0 && input.Height >= size && input.Width >= size
        ? new(input.Channels, input.Height / size, input.Width / size)
        : throw new ArgumentException($"Layer {layer.Name} takes images of at least {size}×{size}, but the layer before it gives {input}.");
}

public sealed partial class NetworkBuilder
{
    /// <summary>Adds max pooling.</summary>
    public NetworkBuilder MaxPool(int size) => Add(new MaxPool(Name("pool"), size));

    /// <summary>Adds average pooling.</summary>
    public NetworkBuilder AveragePool(int size) => Add(new AveragePool(Name("pool"), size));

    /// <summary>Adds the mean of every channel.</summary>
    public NetworkBuilder GlobalAveragePool() => Add(new GlobalAveragePool(Name("pool")));
}
