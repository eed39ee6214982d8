using System.Collections.Immutable;

namespace Lottery.Networks;

/// <summary>
/// Layers, and the distribution that their weights are drawn from. Two networks with the same
/// <see cref="Description"/> are equal, whatever they are called.
/// </summary>
public sealed class Network : IEquatable<Network>
{
    /// <summary>The network of <paramref name="layers"/>, whose sizes must fit one another.</summary>
    /// <exception cref="ArgumentException">
    /// Two layers do not fit or have one name, a name holds more than letters, digits, '_', '-' and '.', or another than
    /// the last linear layer is the output; the message names them.
    /// </exception>
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
        CheckNamesAndKinds(layers);
        Parameters = [.. layers.OfType<Linear>().SelectMany(ParametersOf)];
        Description = string.Join(' ', [FormattableString.Invariant($"{inputs}"), .. layers.Select(l => l.Description), initial.Name()]);
    }

    /// <summary>LeNet-300-100: 784-300-100-10, ReLU; 266,200 weights (LeCun et al. 1998; Frankle &amp; Carbin 2019, section 2).</summary>
    public static Network Lenet300100 { get; } = NetworkCatalogue.Get("lenet-300-100");

    /// <summary>The name it goes by in the catalogue, or <c>mlp:…</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// All that decides what the network computes and what its weights start from, in one line: the values of an example,
    /// each layer, the initial distribution; for example
    /// <c>784 fc1=linear(300) relu fc2=linear(100) relu output=linear(10) glorot-normal</c>.
    /// </summary>
    /// <remarks>
    /// It is part of a run's identity: what it says of a network never changes. A new kind of layer brings a new word, and
    /// a new property of a known layer is written only where it differs from what was the case before.
    /// </remarks>
    public string Description { get; }

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

    /// <inheritdoc/>
    public bool Equals(Network? other) => other is not null && Description == other.Description;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Network);

    /// <inheritdoc/>
    public override int GetHashCode() => Description.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name and the description.</summary>
    public override string ToString() => $"{Name} ({Description})";

    private static void CheckNamesAndKinds(ImmutableArray<Layer> layers)
    {
        // A description must not be readable in two ways.
        if (layers.FirstOrDefault(layer => layer.Name.Length == 0 || !layer.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')) is { } odd)
            throw new ArgumentException($"A layer's name is letters, digits, '_', '-' and '.': '{odd.Name}' is none.", nameof(layers));
        if (layers.GroupBy(layer => layer.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two layers are called {twice.Key}.", nameof(layers));
        Linear? last = layers.OfType<Linear>().LastOrDefault();
        foreach (Linear layer in layers.OfType<Linear>())
            if (layer.Kind != (layer == last ? LayerKind.Output : LayerKind.Fc))
                throw new ArgumentException($"The last linear layer is the output and no other is: {layer.Name} is {layer.Kind}.", nameof(layers));
    }

    private static IEnumerable<Parameter> ParametersOf(Linear layer) =>
    [
        new($"{layer.Name}.weight", [layer.Outputs, layer.Inputs], layer.Kind, Prunable: true, layer.Inputs, layer.Outputs),
        new($"{layer.Name}.bias", [layer.Outputs], layer.Kind, Prunable: false, layer.Inputs, layer.Outputs),
    ];
}
