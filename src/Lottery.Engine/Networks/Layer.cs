using System.Collections.Immutable;
using Lottery.Networks.Descriptions;

namespace Lottery.Networks;

/// <summary>
/// One step from input to output. Layers with weights are numbered by kind: <c>conv1</c>, <c>conv2</c>, <c>fc1</c>,
/// <c>output</c>.
/// </summary>
public abstract record Layer
{
    /// <summary>The kinds of layers are those of <see cref="ILayerVisitor{T}"/> and no others.</summary>
    private protected Layer(string name) => Name = name;

    /// <summary>The layer's name, unique in its network.</summary>
    public string Name { get; init; }

    /// <summary>
    /// The layer in a network's <see cref="Network.Description"/>: one word without spaces (a residual block: several)
    /// that states all that decides its results. A layer with weights or random numbers of its own begins with its name,
    /// since that names its random numbers.
    /// </summary>
    public virtual string Description => Text.Description;

    /// <summary>The tensors of the layer, weight before bias.</summary>
    public virtual ImmutableArray<Parameter> Parameters => [];

    /// <summary>The layer itself and, before it, those inside it.</summary>
    public virtual IEnumerable<Layer> Nested => [this];

    /// <summary>The result of the visitor's case for the layer's kind.</summary>
    public abstract T Accept<T>(ILayerVisitor<T> visitor);

    /// <summary>The layer's settings in texts, of which descriptions and YAML are made.</summary>
    internal abstract LayerText Text { get; }

    /// <summary>The input channels that each output channel is computed from.</summary>
    internal abstract ChannelUse Uses { get; }

    /// <summary>The family of kernels that compute it, besides those that every network uses (<c>KernelVersions</c>); null if there is none.</summary>
    internal abstract string? KernelFamily { get; }

    /// <summary>True if a ReLU that follows is computed together with the layer.</summary>
    internal virtual bool TakesRelu => false;

    /// <summary>Rows and columns around the image that the layer reads: its padding forward, the rest of its kernel backward.</summary>
    internal virtual int Border => 0;

    /// <summary>The shape that the layer makes of <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentException">The layer cannot take that shape; the message names it.</exception>
    public abstract Shape Output(Shape input);

    /// <summary>Multiply-adds of one example, dense.</summary>
    public virtual long MultiplyAdds(Shape input) => 0;

    /// <summary>The error of an input shape that the layer does not accept.</summary>
    private protected ArgumentException Mismatch(string takes, Shape input) =>
        new($"Layer {Name} takes {takes}, but the layer before it gives {Describe(input)}.");

    private protected static string Describe(Shape shape) => shape.IsFlat ? $"{shape}" : $"images of {shape}";

    /// <summary>The input, where it is an image.</summary>
    private protected Shape Image(Shape input) => input.IsFlat ? throw Mismatch("images", input) : input;
}

/// <summary>Which channels of its input a channel of a layer's output is computed from; by it plans find the channels that no output needs.</summary>
internal enum ChannelUse
{
    /// <summary>All channels.</summary>
    All,

    /// <summary>The channel of the same index.</summary>
    Same,

    /// <summary>All channels; where weights are stored sparse, those that its kept weights read.</summary>
    Weighted,

    /// <summary>The channel of the same index, unless none of its weights is kept.</summary>
    SameWeighted,

    /// <summary>The channel whose value the feature is.</summary>
    Flattened,
}
