using System.Collections.Immutable;

namespace Lottery.Networks;

/// <summary>What there is to know of a network before it has weights.</summary>
/// <param name="Network">The network.</param>
/// <param name="Layers">Its layers, first to last.</param>
public sealed record NetworkSummary(Network Network, ImmutableArray<LayerSummary> Layers)
{
    /// <summary>The number of weights.</summary>
    public int Weights => Layers.Sum(layer => layer.Weights);

    /// <summary>The number of biases.</summary>
    public int Biases => Layers.Sum(layer => layer.Biases);

    /// <summary>Multiply-adds of one example from input to output, dense.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>The summary of <paramref name="network"/>.</summary>
    public static NetworkSummary Of(Network network) =>
        new(network, [.. network.Layers.Select(layer => LayerSummary.Of(network, layer))]);
}

/// <summary>What there is to know of a layer before it has weights.</summary>
/// <param name="Name">For example <c>fc1</c>.</param>
/// <param name="Type">What it computes: <c>linear</c>, <c>relu</c>.</param>
/// <param name="Kind">What it counts as when rates are given by kind; null without weights.</param>
/// <param name="Shape">The shape of its weights, outputs first; empty without weights.</param>
/// <param name="Weights">The number of weights, all prunable.</param>
/// <param name="Biases">The number of biases, never pruned.</param>
/// <param name="Deviation">The standard deviation of its initial weights; null without weights.</param>
/// <param name="MultiplyAdds">Multiply-adds of one example, dense.</param>
public sealed record LayerSummary(
    string Name, string Type, LayerKind? Kind, ImmutableArray<int> Shape, int Weights, int Biases, double? Deviation, long MultiplyAdds)
{
    internal static LayerSummary Of(Network network, Layer layer)
    {
        if (layer is not Linear linear) return new(layer.Name, layer.Description, null, [], 0, 0, null, 0);
        Parameter weight = network.Parameters.Single(parameter => parameter.Name == $"{layer.Name}.weight");
        return new(layer.Name, "linear", linear.Kind, weight.Shape, weight.Count, linear.Outputs,
            network.Initial.Deviation(weight), weight.Count);
    }
}
