using System.Collections.Immutable;
using Lottery.Networks.Descriptions;

namespace Lottery.Networks;

/// <summary>y = body(x) + shortcut(x) (He et al. 2016).</summary>
/// <param name="Name">The block's name.</param>
/// <param name="Body">Layers, first to last.</param>
/// <param name="Shortcut">Layers beside them; none for the identity.</param>
public sealed record Residual(string Name, ImmutableArray<Layer> Body, ImmutableArray<Layer> Shortcut) : Layer(Name)
{
    /// <summary>The word of a residual block, which is brackets in a description.</summary>
    internal static LayerWord Word { get; } = new("residual", "block", ["body", "shortcut"],
        (builder, settings) => builder.Residual(settings.Layers("body"), settings.Has("shortcut") ? settings.Layers("shortcut") : null)) { Described = null };

    internal override LayerText Text => new(Word, Name);

    internal override ChannelUse Uses => ChannelUse.All;

    internal override string? KernelFamily => "image";

    /// <inheritdoc/>
    public override string Description => string.Join(' ',
        ["[", .. Body.Select(layer => layer.Description), "|", .. Shortcut.Select(layer => layer.Description), "]"]);

    /// <inheritdoc/>
    public override ImmutableArray<Parameter> Parameters => [.. Body.Concat(Shortcut).SelectMany(layer => layer.Parameters)];

    /// <inheritdoc/>
    public override IEnumerable<Layer> Nested => [.. Body.Concat(Shortcut).SelectMany(layer => layer.Nested), this];

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    internal override bool TakesRelu => true;

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Shape body = Network.ShapeAfter(Body, Image(input)), shortcut = Network.ShapeAfter(Shortcut, input);
        return body == shortcut
            ? body
            : throw new ArgumentException($"The block {Name} adds {Describe(body)} of its body to {Describe(shortcut)} of its shortcut.");
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(Shape input) => Sum(Body, input) + Sum(Shortcut, input);

    /// <inheritdoc/>
    public bool Equals(Residual? other) =>
        other is not null && Name == other.Name && Body.SequenceEqual(other.Body) && Shortcut.SequenceEqual(other.Shortcut);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Body.Length, Shortcut.Length);

    private static long Sum(ImmutableArray<Layer> layers, Shape shape)
    {
        long sum = 0;
        foreach (Layer layer in layers) (sum, shape) = (sum + layer.MultiplyAdds(shape), layer.Output(shape));
        return sum;
    }
}

/// <summary>
/// The shortcut without weights between stages of different sizes (He et al. 2016, option A): every
/// <paramref name="Stride"/>-th row and column, and as many channels of zeros before as after.
/// </summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Channels">Channels that it makes: at least as many as it takes.</param>
/// <param name="Stride">Rows and columns from one that stays to the next.</param>
public sealed record ZeroPad(string Name, int Channels, int Stride) : Layer(Name)
{
    /// <summary>The word of the parameter-free shortcut.</summary>
    internal static LayerWord Word { get; } = new("zero-pad", "pad", ["channels", "stride"],
        (builder, settings) => builder.ZeroPad(settings.Whole("channels"), settings.Whole("stride", 1)));

    internal override LayerText Text => new LayerText(Word, Name).With("channels", Channels).WithKey("stride", Stride);

    internal override ChannelUse Uses => ChannelUse.All;

    internal override string? KernelFamily => "image";

    /// <inheritdoc/>
    public override T Accept<T>(ILayerVisitor<T> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Shape Output(Shape input) => Image(input).Channels <= Channels && Stride > 0
        ? new(Channels, (input.Height + Stride - 1) / Stride, (input.Width + Stride - 1) / Stride)
        : throw Mismatch($"at most {Channels} channels", input);
}

public sealed partial class NetworkBuilder
{
    /// <summary>Adds a residual block; a shortcut without layers is the identity.</summary>
    public NetworkBuilder Residual(Action<NetworkBuilder> body, Action<NetworkBuilder>? shortcut = null) =>
        Add(new Residual(Name("block"), Inside(body), shortcut is null ? [] : Inside(shortcut)));

    /// <summary>Adds every <paramref name="stride"/>-th row and column, and channels of zeros.</summary>
    public NetworkBuilder ZeroPad(int channels, int stride) => Add(new ZeroPad(Name("pad"), channels, stride));
}
