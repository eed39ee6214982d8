using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>One node of a lowered network; tensors are numbers, in the order in which they are written.</summary>
internal abstract record Node
{
    /// <summary>A layer, with the ReLU after it if the output says so.</summary>
    internal sealed record Apply(Layer Layer, int Input, int Output) : Node;

    /// <summary>The input of a residual block becomes that of its body and that of its shortcut.</summary>
    internal sealed record Fork(Residual Block, int Input, int Body, int Shortcut) : Node;

    /// <summary>Body and shortcut are added, with the ReLU after the block if the output says so.</summary>
    internal sealed record Join(Residual Block, int Body, int Shortcut, int Output) : Node;

    /// <summary>The case of the node's kind.</summary>
    public T Match<T>(Func<Apply, T> apply, Func<Fork, T> fork, Func<Join, T> join) => this switch
    {
        Apply one => apply(one),
        Fork one => fork(one),
        _ => join((Join)this),
    };
}

/// <summary>A tensor of a lowered network.</summary>
/// <param name="shape">Its shape.</param>
internal sealed class GraphTensor(Shape shape)
{
    /// <summary>Its shape.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>True if the node that writes it ends with a ReLU.</summary>
    public bool HasRelu { get; init; }

    /// <summary>The earlier tensor that holds the same values, or null.</summary>
    public int? ValuesOf { get; init; }

    /// <summary>The later tensor that holds the same gradient, or null.</summary>
    public int? GradientOf { get; set; }
}

/// <summary>A network lowered to a list of nodes: residual blocks are unfolded, and a ReLU is part of the layer before it.</summary>
internal sealed class NetworkGraph
{
    private readonly ImmutableArray<Node>.Builder _nodes = ImmutableArray.CreateBuilder<Node>();
    private readonly List<GraphTensor> _tensors;

    /// <summary>Lowers a network.</summary>
    public NetworkGraph(Network network)
    {
        _tensors = [new(network.Input)];
        Lower(network.Layers, 0);
        Nodes = _nodes.ToImmutable();
    }

    /// <summary>The nodes; each comes after those whose tensors it reads.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>Every tensor; the first is the network's input, the last its output.</summary>
    public IReadOnlyList<GraphTensor> Tensors => _tensors;

    /// <summary>For each layer the share of zeros that the rule of storage supposes among its inputs.</summary>
    /// <param name="ofInput">The share among the network's inputs.</param>
    public Dictionary<string, double> ZerosOfInputs(double ofInput)
    {
        var ofLayer = new Dictionary<string, double>();
        var ofTensor = new double[_tensors.Count];
        ofTensor[0] = ofInput;
        foreach (Node node in Nodes)
            node.Match(
                apply =>
                {
                    ofLayer[apply.Layer.Name] = ofTensor[apply.Input];
                    ofTensor[apply.Output] = _tensors[apply.Output].HasRelu || apply.Layer is Relu ? StorageRule.ZerosAfterRelu
                        : apply.Layer is Flatten or Dropout ? ofTensor[apply.Input] : 0;
                    return true;
                },
                fork => (ofTensor[fork.Body] = ofTensor[fork.Shortcut] = ofTensor[fork.Input]) > 0,
                join => (ofTensor[join.Output] = _tensors[join.Output].HasRelu ? StorageRule.ZerosAfterRelu : 0) > 0);
        return ofLayer;
    }

    /// <summary>Adds the nodes of layers and returns the tensor after them.</summary>
    /// <remarks>
    /// A ReLU at the very end stays a node of its own: what follows (an addition, the loss) passes back a gradient that is
    /// not zeroed by the ReLU.
    /// </remarks>
    private int Lower(ImmutableArray<Layer> layers, int tensor)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            bool relu = layers[i].TakesRelu && i + 2 < layers.Length && layers[i + 1] is Relu;
            tensor = layers[i] is Residual block ? LowerBlock(block, tensor, relu) : LowerLayer(layers[i], tensor, relu);
            if (relu) i++;
        }
        return tensor;
    }

    private int LowerLayer(Layer layer, int input, bool relu)
    {
        int output = Add(new(layer.Output(_tensors[input].Shape)) { HasRelu = relu });
        _nodes.Add(new Node.Apply(layer, input, output));
        return output;
    }

    private int LowerBlock(Residual block, int input, bool relu)
    {
        Shape shape = _tensors[input].Shape;
        int body = Add(new(shape) { ValuesOf = input }), shortcut = Add(new(shape) { ValuesOf = input });
        _nodes.Add(new Node.Fork(block, input, body, shortcut));
        (body, shortcut) = (Lower(block.Body, body), Lower(block.Shortcut, shortcut));
        int output = Add(new(_tensors[body].Shape) { HasRelu = relu });
        (_tensors[body].GradientOf, _tensors[shortcut].GradientOf) = (output, output);
        _nodes.Add(new Node.Join(block, body, shortcut, output));
        return output;
    }

    private int Add(GraphTensor tensor)
    {
        _tensors.Add(tensor);
        return _tensors.Count - 1;
    }
}
