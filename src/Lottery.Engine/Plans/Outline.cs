using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>One thing that a plan does; signals are numbers, in the order in which they come to be.</summary>
internal abstract record Node
{
    /// <summary>A layer, and the ReLU after it where <paramref name="Relu"/> says so.</summary>
    public sealed record Apply(Layer Layer, int Input, int Output, bool Relu) : Node;

    /// <summary>The input of a residual block becomes that of its body and that of its shortcut.</summary>
    public sealed record Fork(int Input, int Body, int Shortcut) : Node;

    /// <summary>Body and shortcut are added, with the ReLU after the block.</summary>
    public sealed record Join(int Body, int Shortcut, int Output, bool Relu) : Node;
}

/// <summary>A network as a list of nodes, residual blocks unfolded, and each ReLU part of what comes before it.</summary>
internal sealed class Outline
{
    private readonly ImmutableArray<Node>.Builder _nodes = ImmutableArray.CreateBuilder<Node>();
    private readonly List<Shape> _shapes;

    private Outline(Network network)
    {
        _shapes = [network.Input];
        Walk(network.Layers, 0);
        Nodes = _nodes.ToImmutable();
    }

    /// <summary>The nodes; each comes after those whose signals it reads.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>The shape of every signal; 0 is the network's input, the last its output.</summary>
    public IReadOnlyList<Shape> Shapes => _shapes;

    /// <summary>The outline of a network.</summary>
    public static Outline Of(Network network) => new(network);

    /// <summary>Adds the nodes of layers, and gives the signal after them.</summary>
    /// <remarks>
    /// A ReLU at the very end stands by itself: what follows (an addition, the loss) sends back a gradient that has not
    /// been through it.
    /// </remarks>
    private int Walk(ImmutableArray<Layer> layers, int signal)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            bool relu = layers[i] is Linear or Convolution or BatchNormalization or Residual
                && i + 2 < layers.Length && layers[i + 1] is Relu;
            signal = layers[i] is Residual block ? Block(block, signal, relu) : One(layers[i], signal, relu);
            if (relu) i++;
        }
        return signal;
    }

    private int One(Layer layer, int input, bool relu)
    {
        int output = New(layer.Output(_shapes[input]));
        _nodes.Add(new Node.Apply(layer, input, output, relu));
        return output;
    }

    private int Block(Residual block, int input, bool relu)
    {
        int body = New(_shapes[input]), shortcut = New(_shapes[input]);
        _nodes.Add(new Node.Fork(input, body, shortcut));
        (body, shortcut) = (Walk(block.Body, body), Walk(block.Shortcut, shortcut));
        int output = New(_shapes[body]);
        _nodes.Add(new Node.Join(body, shortcut, output, relu));
        return output;
    }

    private int New(Shape shape)
    {
        _shapes.Add(shape);
        return _shapes.Count - 1;
    }
}
