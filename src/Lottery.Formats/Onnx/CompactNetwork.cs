using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Formats.Onnx;

/// <summary>
/// A network without its dead units and channels, those from which no kept path leads to the output or to which none leads from
/// the input: smaller dense weights with the same scores. Both sides of an addition keep all channels.
/// </summary>
internal sealed class CompactNetwork
{
    /// <summary>Picking features out of an example costs runtimes more than a product with all of them, unless few are read.</summary>
    private const int FewerFeatures = 2;

    private readonly Weights _weights;
    private readonly Dictionary<string, float[]> _values = [];
    private readonly Dictionary<string, (int[] Inputs, int[] Outputs)> _live = [];

    private CompactNetwork(Weights weights)
    {
        _weights = weights;
        Network network = weights.Network;
        var graph = new NetworkGraph(network);
        int[][] live = [.. DeadChannels.Eliminate(graph, layer => layer is DepthwiseConvolution ? null : KeptOf(weights, layer))];
        // A layer of nothing has no form: one channel stays, whose weights are 0.
        foreach (ref int[] channels in live.AsSpan())
            if (channels.Length == 0) channels = [0];
        foreach (Node.Apply node in graph.Nodes.OfType<Node.Apply>())
        {
            if (node.Layer is DepthwiseConvolution || node.Layer.Uses == ChannelUse.Same) live[node.Output] = live[node.Input];
            _live[node.Layer.Name] = (live[node.Input], live[node.Output]);
        }
        Widen(network.Layers, network.Input);
        Inputs = network.Input.IsFlat && live[0].Length < network.Inputs / FewerFeatures ? live[0] : null;
        if (Inputs is null) TakeAllFeatures(network);
        Shape input = Inputs is null ? network.Input : Shape.Flat(Inputs.Length);
        Small = new(new Network(network.Name, input, [.. network.Layers.Select(Shrunk)], network.Initial));
        for (int p = 0; p < Small.Network.Parameters.Length; p++) _values[Small.Network.Parameters[p].Name].CopyTo(Small[p]);
    }

    /// <summary>The smaller weights; the network is theirs.</summary>
    public Weights Small { get; }

    /// <summary>The values of an example that are read, if they are features; null if all are.</summary>
    public int[]? Inputs { get; }

    /// <summary>The network without what is dead, or null if nothing is.</summary>
    public static CompactNetwork? Of(Weights weights)
    {
        var compact = new CompactNetwork(ConstantUnits.Folded(weights));
        return compact.Small.Network.Parameters.Sum(parameter => (long)parameter.Count) < weights.Network.Parameters.Sum(parameter => (long)parameter.Count) ? compact : null;
    }

    /// <summary>The weights that are not 0, of any layer: what is 0 passes nothing on, whether or not it was pruned.</summary>
    private static BitSet? KeptOf(Weights weights, Layer layer)
    {
        int index = Array.FindIndex([.. weights.Network.Parameters], parameter => parameter.Role == ParameterRole.Weight && layer.Parameters.Any(own => own.Name == parameter.Name));
        if (index < 0) return null;
        var bits = new BitSet(weights[index].Length);
        for (int i = 0; i < bits.Length; i++) bits[i] = weights[index][i] != 0;
        return bits;
    }

    /// <summary>The first weighted layer of a network of features takes them all, also those that no weight reads.</summary>
    private void TakeAllFeatures(Network network)
    {
        if (!network.Input.IsFlat) return;
        int[] all = [.. Enumerable.Range(0, network.Inputs)];
        foreach (Layer layer in network.Layers)
        {
            (_, int[] outputs) = _live[layer.Name];
            _live[layer.Name] = (all, layer is Linear ? outputs : all);
            if (layer is Linear) return;
        }
    }

    /// <summary>A flattened image has every pixel of a live channel: its next layer takes them all.</summary>
    private void Widen(ImmutableArray<Layer> layers, Shape shape)
    {
        int[]? features = null;
        foreach (Layer layer in layers)
        {
            if (layer is Flatten)
            {
                int pixels = shape.Height * shape.Width;
                features = [.. _live[layer.Name].Inputs.SelectMany(channel => Enumerable.Range(channel * pixels, pixels))];
            }
            else if (features is not null && _live.TryGetValue(layer.Name, out (int[] Inputs, int[] Outputs) live))
            {
                bool passes = layer is not Linear;
                _live[layer.Name] = (features, passes ? features : live.Outputs);
                if (!passes) features = null;
            }
            shape = layer.Output(shape);
        }
    }

    private Layer Shrunk(Layer layer) => layer switch
    {
        Residual block => block with { Body = [.. block.Body.Select(Shrunk)], Shortcut = [.. block.Shortcut.Select(Shrunk)] },
        Linear linear => Sliced(linear with { Inputs = _live[layer.Name].Inputs.Length, Outputs = _live[layer.Name].Outputs.Length }, area: 1),
        Convolution convolution => Sliced(
            convolution with { Inputs = _live[layer.Name].Inputs.Length, Outputs = _live[layer.Name].Outputs.Length, Padding = convolution.Padding }, convolution.Kernel * convolution.Kernel),
        DepthwiseConvolution depthwise => Sliced(
            depthwise with { Channels = _live[layer.Name].Outputs.Length, Padding = depthwise.Padding }, depthwise.Kernel * depthwise.Kernel, own: true),
        BatchNormalization normalization => Sliced(normalization with { Channels = _live[layer.Name].Outputs.Length }, area: 1, own: true),
        _ => layer,
    };

    /// <summary>Keeps the rows of live outputs and, in them, the columns of live inputs.</summary>
    private Layer Sliced(Layer layer, int area, bool own = false)
    {
        (int[] inputs, int[] outputs) = _live[layer.Name];
        foreach (Parameter parameter in layer.Parameters)
        {
            int index = _weights.Network.IndexOf(parameter.Name);
            ReadOnlySpan<float> values = _weights[index];
            bool isWeight = parameter.Role == ParameterRole.Weight;
            int all = _weights.Network.Parameters[index].Shape[0], each = values.Length / all;
            var kept = new List<float>(parameter.Count);
            foreach (int output in outputs)
            {
                ReadOnlySpan<float> row = values.Slice(output * each, each);
                if (!isWeight || own) kept.AddRange(row);
                else foreach (int input in inputs) kept.AddRange(row.Slice(input * area, area));
            }
            _values[parameter.Name] = [.. kept];
        }
        return layer;
    }
}
