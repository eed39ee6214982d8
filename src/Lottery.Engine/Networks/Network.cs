using System.Collections.Immutable;

namespace Lottery.Networks;

/// <summary>
/// Layers, and the distribution that their weights are sampled from. Two networks with the same
/// <see cref="Description"/> are equal, whatever they are called.
/// </summary>
public sealed class Network : IEquatable<Network>
{
    /// <summary>The network of <paramref name="layers"/> on plain units.</summary>
    /// <exception cref="ArgumentException">Two layers do not fit; see the other constructor.</exception>
    public Network(string name, int inputs, ImmutableArray<Layer> layers, InitialDistribution? initial = null)
        : this(name, Shape.Flat(inputs), layers, initial)
    {
    }

    /// <summary>The network of <paramref name="layers"/>, whose shapes must fit one another.</summary>
    /// <param name="name">The name it goes by.</param>
    /// <param name="input">The shape of one example.</param>
    /// <param name="layers">The layers, first to last.</param>
    /// <param name="initial">The distribution of the initial weights; null for <see cref="InitialDistribution.GlorotNormal"/>.</param>
    /// <exception cref="ArgumentException">
    /// Two layers do not fit or have one name, a name holds more than letters, digits, '_', '-' and '.', another than
    /// the last linear layer is the output, or the last layer gives an image; the message names them.
    /// </exception>
    public Network(string name, Shape input, ImmutableArray<Layer> layers, InitialDistribution? initial = null)
    {
        (Name, Input, Layers, Initial) = (name, input, layers, initial ?? InitialDistribution.GlorotNormal);
        AllLayers = [.. layers.SelectMany(layer => layer.Nested)];
        Shape output = ShapeAfter(layers, input);
        Outputs = output.IsFlat
            ? output.Channels
            : throw new ArgumentException($"The network ends with images of {output}, but an end is one score a class: a linear layer comes last.");
        CheckNamesAndKinds();
        Parameters = [.. layers.SelectMany(layer => layer.Parameters)];
        Description = string.Join(' ', [$"{input}", .. layers.Select(l => l.Description), Initial.Name]);
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

    /// <summary>The shape of one example.</summary>
    public Shape Input { get; }

    /// <summary>Values in one example.</summary>
    public int Inputs => Input.Count;

    /// <summary>Classes.</summary>
    public int Outputs { get; }

    /// <summary>The layers, first to last.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>The layers, and before each residual block those inside it.</summary>
    public ImmutableArray<Layer> AllLayers { get; }

    /// <summary>The distribution of the initial weights.</summary>
    public InitialDistribution Initial { get; }

    /// <summary>Every tensor, in the order of the layers, weight before bias.</summary>
    public ImmutableArray<Parameter> Parameters { get; }

    /// <summary>The number of weights that may be pruned.</summary>
    public int PrunableCount => Parameters.Where(p => p.Prunable).Sum(p => p.Count);

    /// <summary>The bytes of one copy of all parameters.</summary>
    internal long WeightBytes => sizeof(float) * Parameters.Sum(parameter => (long)parameter.Count);

    /// <summary>The same layers with weights from another distribution.</summary>
    public Network With(InitialDistribution initial) => initial == Initial ? this : new(Name, Input, Layers, initial);

    /// <inheritdoc/>
    public bool Equals(Network? other) => other is not null && Description == other.Description;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Network);

    /// <inheritdoc/>
    public override int GetHashCode() => Description.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name and the description.</summary>
    public override string ToString() => $"{Name} ({Description})";

    /// <summary>The index in <see cref="Parameters"/> of the tensor called <paramref name="name"/>.</summary>
    internal int IndexOf(string name)
    {
        for (int i = 0; i < Parameters.Length; i++)
            if (Parameters[i].Name == name) return i;
        throw new ArgumentException($"No tensor of {Name} is called {name}.", nameof(name));
    }

    /// <summary>The shape that <paramref name="layers"/> make of <paramref name="shape"/>.</summary>
    internal static Shape ShapeAfter(ImmutableArray<Layer> layers, Shape shape) =>
        layers.Aggregate(shape, (current, layer) => layer.Output(current));

    private void CheckNamesAndKinds()
    {
        // A description must not be readable in two ways.
        if (AllLayers.FirstOrDefault(layer => layer.Name.Length == 0 || !layer.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')) is { } odd)
            throw new ArgumentException($"A layer's name is letters, digits, '_', '-' and '.': '{odd.Name}' is none.");
        if (AllLayers.GroupBy(layer => layer.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two layers are called {twice.Key}.");
        Linear? last = AllLayers.OfType<Linear>().LastOrDefault();
        foreach (Linear layer in AllLayers.OfType<Linear>())
            if (layer.Kind != (layer == last ? LayerKind.Output : LayerKind.Fc))
                throw new ArgumentException($"The last linear layer is the output and no other is: {layer.Name} is {layer.Kind}.");
    }
}
