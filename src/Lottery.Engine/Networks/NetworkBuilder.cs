using System.Collections.Immutable;

namespace Lottery.Networks;

/// <summary>
/// Puts layers together: each takes what the one before it gives, and is named by its kind and number (<c>conv1</c>,
/// <c>bn1</c>, <c>fc1</c>) unless a name is given.
/// </summary>
public sealed partial class NetworkBuilder
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

    /// <summary>The network.</summary>
    /// <exception cref="ArgumentException">It does not end with one score a class, or two layers have one name.</exception>
    public Network Build(string name, InitialDistribution? initial = null) =>
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
