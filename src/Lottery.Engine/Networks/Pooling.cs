namespace Lottery.Networks;

/// <summary>The largest value of every window; what the image has beyond the last whole window is left out.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Size">Rows and columns of a window, and from one window to the next.</param>
public sealed record MaxPool(string Name, int Size) : Layer(Name)
{
    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"max-pool({Size})");

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
    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"average-pool({Size})");

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Windows.Of(this, Image(input), Size);
}

/// <summary>The mean of every channel, as a plain unit.</summary>
/// <param name="Name">The layer's name.</param>
public sealed record GlobalAveragePool(string Name) : Layer(Name)
{
    /// <inheritdoc/>
    public override string Description => "global-average-pool";

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
