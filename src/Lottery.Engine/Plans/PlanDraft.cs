using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;
using KernelSet = Lottery.Kernels.KernelSet;
using PooledConvolutionTable = Lottery.Kernels.Sparse.PooledConvolutionTable;

namespace Lottery.Plans;

/// <summary>Lays a network out: its signals, and its layers one after the other.</summary>
internal sealed class PlanDraft
{
    private readonly Network _network;
    private readonly Mask _mask;
    private readonly KernelSet _kernels;
    private readonly bool _frozen;
    private readonly int _threads;
    private readonly ImmutableArray<LayerPlan>.Builder _layers = ImmutableArray.CreateBuilder<LayerPlan>();
    private int _offset;

    public PlanDraft(Network network, Mask mask, KernelSet kernels, bool frozen, int threads)
    {
        (_network, _mask, _kernels, _frozen, _threads) = (network, mask, kernels, frozen, threads);
        Outline outline = Outline.Of(network);
        Signals = SignalsOf(outline, Presence.Of(outline, Kept), BorderOf(network));
        for (int i = 0; i < outline.Nodes.Length; i += _layers[^1] is PooledConvolutionPlan ? 2 : 1)
        {
            LayerPlan layer = Pooled(outline.Nodes.AsSpan()[i..]) ?? PlanOf(outline.Nodes[i]);
            _layers.Add(layer);
            _offset += layer.Length;
        }
        Layers = _layers.ToImmutable();
    }

    public ImmutableArray<Signal> Signals { get; }

    public ImmutableArray<LayerPlan> Layers { get; }

    /// <summary>
    /// Zeros around every image: what the widest convolution reads beyond the edge, forward (its padding) and backward
    /// (what is left of its kernel). One border for all, so that whatever goes value by value need not know of it.
    /// </summary>
    private static int BorderOf(Network network) => network.AllLayers.OfType<Convolution>()
        .Select(layer => Math.Max(layer.Padding, layer.Kernel - 1 - layer.Padding)).DefaultIfEmpty(0).Max();

    private static ImmutableArray<Signal> SignalsOf(Outline outline, ImmutableArray<int[]> present, int border)
    {
        var rectified = new bool[present.Length];
        var valuesOf = new int?[present.Length];
        var gradientOf = new int?[present.Length];
        foreach (Node node in outline.Nodes)
        {
            if (node is Node.Apply apply) rectified[apply.Output] = apply.Relu;
            if (node is Node.Fork fork) valuesOf[fork.Body] = valuesOf[fork.Shortcut] = fork.Input;
            if (node is not Node.Join join) continue;
            rectified[join.Output] = join.Relu;
            gradientOf[join.Body] = gradientOf[join.Shortcut] = join.Output;
        }
        var signals = new Signal[present.Length];
        for (int i = 0; i < signals.Length; i++)
            signals[i] = new(i, outline.Shapes[i], present[i], border)
            {
                Rectified = rectified[i], ValuesOf = valuesOf[i], GradientOf = gradientOf[i],
            };
        return [.. signals];
    }

    private BitSet? Kept(Layer layer) => Storage.Kept(layer, BitsOf(layer), _frozen);

    private BitSet? BitsOf(Layer layer) => _mask[_network.IndexOf($"{layer.Name}.weight")];

    private bool Freezes(Layer layer) => Kept(layer) is null && BitsOf(layer) is { } bits && bits.Count() < bits.Length;

    /// <summary>A convolution of kept weights and the pooling after it in one, where the next nodes are that.</summary>
    private PooledConvolutionPlan? Pooled(ReadOnlySpan<Node> next)
    {
        if (next is not [Node.Apply { Layer: Convolution layer } one, Node.Apply { Layer: MaxPool { Size: 2 } } pool, ..]
            || Kept(layer) is not { } kept) return null;
        Signal input = Signals[one.Input], made = Signals[one.Output];
        return PooledConvolutionTable.Fits(ConvolutionPlan.ShapeOf(layer, input, made))
            ? new(layer, _network, kept, (input, made, Signals[pool.Output]), _offset, _kernels, _threads)
            : null;
    }

    private LayerPlan PlanOf(Node node) => node switch
    {
        Node.Fork fork => new ForkPlan(Signals[fork.Input], Signals[fork.Body], Signals[fork.Shortcut], _offset),
        Node.Join join => new JoinPlan(Signals[join.Body], Signals[join.Shortcut], Signals[join.Output], _offset),
        Node.Apply apply => PlanOf(apply.Layer, (Signals[apply.Input], Signals[apply.Output])),
        _ => throw new ArgumentException($"There is no plan of {node.GetType().Name}.", nameof(node)),
    };

    private LayerPlan PlanOf(Layer layer, (Signal Input, Signal Output) ends) => layer switch
    {
        Linear linear when Kept(linear) is { } kept => new KeptLayerPlan(linear, _network, kept, ends, _offset, _kernels),
        Linear linear => new DenseLayerPlan(linear, _network, ends, _offset, _kernels) { Freezes = Freezes(linear) },
        Convolution convolution when Kept(convolution) is { } kept =>
            new KeptConvolutionPlan(convolution, _network, kept, ends, _offset, _kernels),
        Convolution convolution =>
            new DenseConvolutionPlan(convolution, _network, ends, _offset, _kernels, _threads) { Freezes = Freezes(convolution) },
        BatchNormalization normalization => new NormalizationPlan(normalization, _network, ends, _offset),
        MaxPool pool => new MaxPoolPlan(pool.Size, ends, _offset),
        AveragePool pool => new AveragePoolPlan(pool.Size, ends, _offset),
        GlobalAveragePool => new GlobalAveragePlan(ends, _offset),
        Flatten => new FlattenPlan(ends, _offset),
        Relu => new ReluPlan(ends, _offset),
        Dropout dropout => new DropoutPlan(dropout, ends, _offset),
        ZeroPad pad => new ZeroPadPlan(pad, ends, _offset),
        _ => throw new ArgumentException($"There is no plan of {layer.GetType().Name}.", nameof(layer)),
    };
}
