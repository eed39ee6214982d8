using System.Collections.Immutable;

namespace Lottery.Networks;

/// <summary>Layers, and the distribution that their weights are drawn from.</summary>
public sealed class Network
{
    /// <summary>The network of <paramref name="layers"/>, whose sizes must fit one another.</summary>
    /// <exception cref="ArgumentException">Two layers do not fit; the message names them.</exception>
    public Network(string name, int inputs, ImmutableArray<Layer> layers, InitialDistribution initial = InitialDistribution.GlorotNormal)
    {
        (Name, Inputs, Layers, Initial) = (name, inputs, layers, initial);
        Outputs = layers.Aggregate(inputs, (size, layer) => layer switch
        {
            Linear linear when linear.Inputs == size => linear.Outputs,
            Linear linear => throw new ArgumentException(
                $"Layer {linear.Name} takes {linear.Inputs} values, but the layer before it gives {size}.", nameof(layers)),
            _ => size,
        });
        Parameters = [.. layers.OfType<Linear>().SelectMany(ParametersOf)];
    }

    /// <summary>LeNet-300-100: 784-300-100-10, ReLU; 266,200 weights (LeCun et al. 1998; Frankle &amp; Carbin 2019, section 2).</summary>
    public static Network Lenet300100 { get; } = NetworkCatalogue.Get("lenet-300-100");

    /// <summary>The name it goes by in the catalogue, or <c>mlp:…</c>.</summary>
    public string Name { get; }

    /// <summary>Values in one example.</summary>
    public int Inputs { get; }

    /// <summary>Classes.</summary>
    public int Outputs { get; }

    /// <summary>The layers, first to last.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>The distribution of the initial weights.</summary>
    public InitialDistribution Initial { get; }

    /// <summary>Every tensor, in the order of the layers, weight before bias.</summary>
    public ImmutableArray<Parameter> Parameters { get; }

    /// <summary>The number of weights that may be pruned.</summary>
    public int PrunableCount => Parameters.Where(p => p.Prunable).Sum(p => p.Count);

    private static IEnumerable<Parameter> ParametersOf(Linear layer) =>
    [
        new($"{layer.Name}.weight", [layer.Outputs, layer.Inputs], layer.Kind, Prunable: true, layer.Inputs, layer.Outputs),
        new($"{layer.Name}.bias", [layer.Outputs], layer.Kind, Prunable: false, layer.Inputs, layer.Outputs),
    ];
}
