using System.Collections.Immutable;
using System.Diagnostics;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;

namespace Lottery.Plans;

/// <summary>Compiles a masked network: its tensors, and its operations one after the other.</summary>
internal sealed class PlanCompiler
{
    private readonly Network _network;
    private readonly Mask _mask;
    private readonly bool _frozen;
    private readonly int _threads;
    private readonly Dictionary<string, double> _zeros;

    /// <summary>Compiles.</summary>
    /// <param name="network">The network.</param>
    /// <param name="mask">The weights that are trained.</param>
    /// <param name="frozen">True if pruned weights have values other than zero.</param>
    /// <param name="threads">The number of threads.</param>
    /// <param name="zeros">The share of zeros among the network's inputs, 0–1.</param>
    public PlanCompiler(Network network, Mask mask, bool frozen, int threads, double zeros)
    {
        (_network, _mask, _frozen, _threads) = (network, mask, frozen, threads);
        var graph = new NetworkGraph(network);
        _zeros = graph.ZerosOfInputs(zeros);
        // One border for all images, so that elementwise operations need not know of it: what the widest convolution reads beyond the edge.
        int border = network.AllLayers.Select(layer => layer.Border).DefaultIfEmpty(0).Max();
        Tensors =
        [
            .. graph.Tensors.Zip(DeadChannels.Eliminate(graph, Sparse)).Select((pair, i) => new PlanTensor(i, pair.First.Shape, pair.Second, border)
            {
                HasRelu = pair.First.HasRelu, ValuesOf = pair.First.ValuesOf, GradientOf = pair.First.GradientOf,
            }),
        ];
        var operations = ImmutableArray.CreateBuilder<Operation>();
        for (int i = 0; i < graph.Nodes.Length; i += operations[^1] is PooledConvolutionOperation ? 2 : 1)
        {
            Operation operation = Pooled(graph.Nodes.AsSpan()[i..]) ?? Compile(graph.Nodes[i]);
            operations.Add(operation);
        }
        Operations = operations.ToImmutable();
    }

    /// <summary>The tensors: first the network's input, last the scores of the classes.</summary>
    public ImmutableArray<PlanTensor> Tensors { get; }

    /// <summary>The operations, each after those whose tensors it reads.</summary>
    public ImmutableArray<Operation> Operations { get; }

    private BitSet? Sparse(Layer layer) => StorageRule.Sparse(layer, MaskOf(layer), _frozen, _zeros[layer.Name]);

    private BitSet? MaskOf(Layer layer) => _mask[_network.IndexOf($"{layer.Name}.weight")];

    /// <summary>A sparse convolution and the pooling after it as one operation, if the next nodes are these.</summary>
    private PooledConvolutionOperation? Pooled(ReadOnlySpan<Node> next)
    {
        if (next is not [Node.Apply { Layer: Convolution layer } one, Node.Apply { Layer: MaxPool { Size: 2 } } pool, ..]
            || Sparse(layer) is not { } kept) return null;
        PlanTensor input = Tensors[one.Input], convolved = Tensors[one.Output];
        return PooledConvolutionOperation.Fits(layer, input, convolved)
            ? new(layer, _network, kept, (input, convolved, Tensors[pool.Output]), _threads)
            : null;
    }

    private Operation Compile(Node node) => node.Match<Operation>(
        apply => apply.Layer.Accept(new Cases(this, Tensors[apply.Input], Tensors[apply.Output])),
        fork => new ForkOperation(fork.Block, Tensors[fork.Input], Tensors[fork.Body], Tensors[fork.Shortcut]),
        join => new AddOperation(join.Block, Tensors[join.Body], Tensors[join.Shortcut], Tensors[join.Output]));

    /// <summary>The operation of each kind of layer.</summary>
    private sealed class Cases(PlanCompiler compiler, PlanTensor input, PlanTensor output) : ILayerVisitor<Operation>
    {
        private readonly Network _network = compiler._network;

        public Operation Visit(Linear layer) => compiler.Sparse(layer) is { } kept
            ? new SparseLinearOperation(layer, _network, kept, input, output)
            : new DenseLinearOperation(layer, _network, input, output) { HasFrozenWeights = IsPruned(layer) };

        public Operation Visit(Convolution layer) => compiler.Sparse(layer) is { } kept
            ? new SparseConvolutionOperation(layer, _network, kept, input, output)
            : new DenseConvolutionOperation(layer, _network, input, output, compiler._threads) { HasFrozenWeights = IsPruned(layer) };

        public Operation Visit(DepthwiseConvolution layer) => compiler.Sparse(layer) is { } kept
            ? new DepthwiseConvolutionOperation(layer, _network, kept, input, output)
            : new DepthwiseConvolutionOperation(layer, _network, kept: null, input, output) { HasFrozenWeights = IsPruned(layer) };

        public Operation Visit(BatchNormalization layer) => new BatchNormalizationOperation(layer, _network, input, output);

        public Operation Visit(Relu layer) => new ReluOperation(layer, input, output);

        public Operation Visit(MaxPool layer) => new MaxPoolOperation(layer, input, output);

        public Operation Visit(AveragePool layer) => new AveragePoolOperation(layer, input, output);

        public Operation Visit(GlobalAveragePool layer) => new GlobalAverageOperation(layer, input, output);

        public Operation Visit(Flatten layer) => new FlattenOperation(layer, input, output);

        public Operation Visit(Dropout layer) => new DropoutOperation(layer, input, output);

        public Operation Visit(ZeroPad layer) => new ZeroPadOperation(layer, input, output);

        public Operation Visit(Residual layer) => throw new UnreachableException("The graph has unfolded residual blocks.");

        private bool IsPruned(Layer layer) => compiler.MaskOf(layer) is { } bits && bits.Count() < bits.Length;
    }
}
