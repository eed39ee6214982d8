using System.Collections.Immutable;

namespace Lottery.Networks;

/// <summary>What there is to know of a network before it has weights.</summary>
/// <param name="Network">The network.</param>
/// <param name="Layers">Its layers, first to last; those of a residual block stand before it.</param>
internal sealed record NetworkSummary(Network Network, ImmutableArray<LayerSummary> Layers)
{
    /// <summary>The number of weights, prunable or not.</summary>
    public int Weights => Layers.Sum(layer => layer.Weights);

    /// <summary>The number of weights that a mask has bits for.</summary>
    public int PrunableWeights => Network.PrunableCount;

    /// <summary>The number of other trained values: biases and scales, never pruned.</summary>
    public int Biases => Layers.Sum(layer => layer.Biases);

    /// <summary>Multiply-adds of one example from input to output, dense.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>The summary of <paramref name="network"/>.</summary>
    public static NetworkSummary Of(Network network)
    {
        var layers = ImmutableArray.CreateBuilder<LayerSummary>();
        Add(layers, network, network.Layers, network.Input);
        return new(network, layers.ToImmutable());
    }

    private static void Add(ImmutableArray<LayerSummary>.Builder summaries, Network network, ImmutableArray<Layer> layers, Shape shape)
    {
        foreach (Layer layer in layers)
        {
            if (layer is Residual block)
            {
                Add(summaries, network, block.Body, shape);
                Add(summaries, network, block.Shortcut, shape);
            }
            Shape output = layer.Output(shape);
            summaries.Add(LayerSummary.Of(network, layer, shape, output));
            shape = output;
        }
    }
}

/// <summary>What there is to know of a layer before it has weights.</summary>
/// <param name="Name">For example <c>fc1</c>.</param>
/// <param name="Type">What it computes: <c>linear</c>, <c>conv</c>, <c>relu</c>.</param>
/// <param name="Kind">What it counts as when rates are given by kind; null without weights.</param>
/// <param name="Shape">The shape of its weights, outputs first; empty without weights.</param>
/// <param name="Weights">The number of weights.</param>
/// <param name="Biases">The number of its other trained values, never pruned.</param>
/// <param name="StandardDeviation">The standard deviation of its initial weights; null without weights.</param>
/// <param name="MultiplyAdds">Multiply-adds of one example, dense; a residual block's are those of its layers.</param>
/// <param name="Output">The shape that it gives.</param>
/// <param name="Prunable">True where a mask has bits for its weights.</param>
internal sealed record LayerSummary(
    string Name, string Type, LayerKind? Kind, ImmutableArray<int> Shape, int Weights, int Biases, double? StandardDeviation,
    long MultiplyAdds, Shape Output, bool Prunable)
{
    internal static LayerSummary Of(Network network, Layer layer, Shape input, Shape output)
    {
        if (layer is Residual) return new(layer.Name, "residual", null, [], 0, 0, null, 0, output, false);
        Parameter? weight = layer.Parameters.FirstOrDefault(parameter => parameter.Role == ParameterRole.Weight);
        int others = layer.Parameters.Where(p => p.Trained && p.Role != ParameterRole.Weight).Sum(p => p.Count);
        return new(layer.Name, TypeOf(layer), layer.Parameters.FirstOrDefault()?.Kind, weight?.Shape ?? [], weight?.Count ?? 0, others,
            weight is null ? null : network.Initial.StandardDeviation(weight), layer.MultiplyAdds(input), output, weight?.Prunable ?? false);
    }

    // The word that a description uses, without the layer's name and numbers.
    private static string TypeOf(Layer layer)
    {
        string word = layer.Description.Split('(')[0];
        return word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..];
    }
}
