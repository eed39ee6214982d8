using System.Collections.Immutable;

namespace Lottery.Networks;

/// <summary>
/// Puts layers together: each takes what the one before it gives, and is named by its kind and number (<c>conv1</c>,
/// <c>bn1</c>, <c>fc1</c>) unless a name is given.
/// </summary>
public sealed class NetworkBuilder
{
    private readonly Shape _input;
    private readonly List<Layer> _layers = [];
    private Dictionary<string, int> _numbers = [];

    /// <summary>A network that has no layers yet.</summary>
    /// <param name="input">The shape of one example.</param>
    public NetworkBuilder(Shape input) => _input = Shape = input;

    /// <summary>The shape after the layers so far.</summary>
    public Shape Shape { get; private set; }

    /// <summary>The layers so far.</summary>
    public ImmutableArray<Layer> Layers => [.. _layers];

    /// <summary>Adds a layer that was made elsewhere.</summary>
    /// <exception cref="ArgumentException">It cannot take what the layer before it gives.</exception>
    /// <exception cref="OverflowException">It has more weights than can be counted.</exception>
    public NetworkBuilder Add(Layer layer)
    {
        (Shape, _) = (layer.Output(Shape), layer.Parameters);
        _layers.Add(layer);
        return this;
    }

    /// <summary>Adds a convolution; by default the image keeps its size at stride 1.</summary>
    public NetworkBuilder Convolution(
        int outputs, int kernel, int stride = 1, int? padding = null, bool bias = true, bool prunable = true, string? name = null) =>
        Add(new Convolution(name ?? Name("conv"), Shape.Channels, outputs, kernel)
        {
            Stride = stride, Padding = padding ?? (kernel - 1) / 2, Bias = bias, Prunable = prunable,
        });

    /// <summary>Adds a depthwise convolution, numbered among the convolutions; by default the image keeps its size at stride 1.</summary>
    public NetworkBuilder DepthwiseConvolution(
        int kernel, int stride = 1, int? padding = null, bool bias = true, bool prunable = true, string? name = null) =>
        Add(new DepthwiseConvolution(name ?? Name("conv"), Shape.Channels, kernel)
        {
            Stride = stride, Padding = padding ?? (kernel - 1) / 2, Bias = bias, Prunable = prunable,
        });

    /// <summary>Adds a linear layer that is not the last.</summary>
    public NetworkBuilder Linear(int outputs, bool prunable = true, string? name = null) =>
        Add(new Linear(name ?? Name("fc"), Shape.Channels, outputs, LayerKind.Fc) { Prunable = prunable });

    /// <summary>Adds the last linear layer, one score a class.</summary>
    public NetworkBuilder Output(int classes, bool prunable = true, string? name = null) =>
        Add(new Linear(name ?? "output", Shape.Channels, classes, LayerKind.Output) { Prunable = prunable });

    /// <summary>Adds a batch normalization.</summary>
    public NetworkBuilder BatchNormalization(string? name = null) => Add(new BatchNormalization(name ?? Name("bn"), Shape.Channels));

    /// <summary>Adds a ReLU.</summary>
    public NetworkBuilder Relu() => Add(new Relu(Name("relu")));

    /// <summary>Adds max pooling.</summary>
    public NetworkBuilder MaxPool(int size) => Add(new MaxPool(Name("pool"), size));

    /// <summary>Adds average pooling.</summary>
    public NetworkBuilder AveragePool(int size) => Add(new AveragePool(Name("pool"), size));

    /// <summary>Adds the mean of every channel.</summary>
    public NetworkBuilder GlobalAveragePool() => Add(new GlobalAveragePool(Name("pool")));

    /// <summary>Adds the step from images to plain units.</summary>
    public NetworkBuilder Flatten() => Add(new Flatten(Name("flatten")));

    /// <summary>Adds dropout.</summary>
    public NetworkBuilder Dropout(double rate, string? name = null) => Add(new Dropout(name ?? Name("dropout"), rate));

    /// <summary>Adds every <paramref name="stride"/>-th row and column, and channels of zeros.</summary>
    public NetworkBuilder ZeroPad(int channels, int stride) => Add(new ZeroPad(Name("pad"), channels, stride));

    /// <summary>Adds a residual block; a shortcut without layers is the identity.</summary>
    public NetworkBuilder Residual(Action<NetworkBuilder> body, Action<NetworkBuilder>? shortcut = null) =>
        Add(new Residual(Name("block"), Inside(body), shortcut is null ? [] : Inside(shortcut)));

    /// <summary>The network.</summary>
    /// <exception cref="ArgumentException">It does not end with one score a class, or two layers have one name.</exception>
    public Network Build(string name, InitialDistribution initial = InitialDistribution.GlorotNormal) =>
        new(name, _input, Layers, initial);

    private ImmutableArray<Layer> Inside(Action<NetworkBuilder> build)
    {
        var inner = new NetworkBuilder(Shape) { _numbers = _numbers };
        build(inner);
        return inner.Layers;
    }

    private string Name(string kind)
    {
        int number = _numbers.GetValueOrDefault(kind) + 1;
        _numbers[kind] = number;
        return FormattableString.Invariant($"{kind}{number}");
    }
}
