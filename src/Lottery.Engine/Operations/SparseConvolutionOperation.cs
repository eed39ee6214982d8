using System.Collections.Immutable;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Sparse;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>
/// A convolution that stores its kept weights alone: first those between live channels, in the order in which kernels read
/// them; then the others, whose gradient is zero. Biases likewise.
/// </summary>
/// <remarks>
/// Each tile has sums of its own for the weights' gradient, made while the tile's gradient is in the cache; they are added
/// in the order of tiles.
/// </remarks>
internal class SparseConvolutionOperation : ConvolutionOperation
{
    /// <summary>With at most so many weights to an output, computing an image costs less than writing it to memory and reading it back.</summary>
    private const int FewWeights = 8;

    private readonly BitSet _kept;
    private readonly int _outputs, _each, _shift;
    private SparseConvolutionTable? _table;
    private AlignedBuffer<float>? _gradient, _byInput;
    private AlignedBuffer<float>[] _work = [], _tileGradients = [];

    /// <summary>The operation of a convolution.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="network">Its network.</param>
    /// <param name="kept">The layer's mask, <c>[outputs, inputs, kernel, kernel]</c>.</param>
    /// <param name="input">The tensor that it reads.</param>
    /// <param name="output">The tensor that it writes.</param>
    /// <param name="convolved">The convolution's result, if the operation does more than convolve.</param>
    public SparseConvolutionOperation(
        Convolution layer, Network network, BitSet kept, PlanTensor input, PlanTensor output, PlanTensor? convolved = null)
        : this(layer, layer.Window, network, kept, (input, output, convolved), (layer.Outputs, layer.WeightsPerOutput, 0))
    {
    }

    /// <summary>The operation of any layer that is a convolution of which some weights are not there.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="window">Its kernel.</param>
    /// <param name="network">Its network.</param>
    /// <param name="kept">The layer's mask.</param>
    /// <param name="tensors">The tensors that it reads and writes, and the convolution's result if it does more than convolve.</param>
    /// <param name="rows">
    /// The layer's output channels, dead ones included; weights of each in the weight tensor; and the position of the first of
    /// them (input channel × kernel² + offset in the kernel) as a multiple of the output channel.
    /// </param>
    protected SparseConvolutionOperation(
        Layer layer, KernelWindow window, Network network, BitSet kept, (PlanTensor Input, PlanTensor Output, PlanTensor? Convolved) tensors,
        (int Outputs, int Each, int Shift) rows)
        : base(layer, window, network, tensors.Input, tensors.Output, tensors.Convolved)
    {
        _kept = kept;
        (_outputs, _each, _shift) = rows;
    }

    /// <summary>The tables that the kernels read.</summary>
    public SparseConvolutionTable Table => _table ??= Own(new SparseConvolutionTable(Shape, LivePositions()));

    /// <inheritdoc/>
    public sealed override BackwardUse InputUse => BackwardUse.Tile;

    /// <inheritdoc/>
    public override bool IsCheapToRecompute => Table.Kept <= FewWeights * Shape.Outputs;

    /// <summary>The weights in the order in which the gradient of the input reads them.</summary>
    protected ReadOnlySpan<float> ByInput => _byInput!.Span;

    /// <summary>Values that each thread needs for the weights' gradient of a tile.</summary>
    protected virtual int WorkspaceLength => Table.WorkspaceLength;

    /// <inheritdoc/>
    protected sealed override ImmutableArray<ParameterSlot> Slots()
    {
        (int[] live, int area) = (Output.Live, Shape.KernelArea);
        int[] dead = [.. Enumerable.Range(0, _outputs).Except(live)];
        int[] weights =
        [
            .. Table.Weights().Select(weight => IndexOf(live[weight.Output], Input.Live[weight.KernelIndex / area] * area + weight.KernelIndex % area)),
            .. dead.SelectMany(to => KeptPositions(to).Select(position => IndexOf(to, position))),
        ];
        var weightSlot = new ParameterSlot(Weight, 0, Padded(weights.Length), new IndexedMap(weights));
        return !HasBias ? [weightSlot] : [weightSlot, new(Bias, weightSlot.Length, Padded(_outputs), new IndexedMap([.. live, .. dead]))];
    }

    /// <inheritdoc/>
    public override void Forward(in ForwardContext context, int part, int worker) => context.Kernels.Run(new SparseConvolutionForward
    {
        Table = Table, Weights = context.ParametersOf(this), Bias = BiasesOf(context), X = context.X.At(Input, part),
        Y = context.X.At(Output, part), Relu = Relu,
    });

    /// <inheritdoc/>
    public sealed override void AllocateBackward(BatchTiles tiles, int threads)
    {
        _gradient = Allocate(Length);
        _byInput = Allocate(Table.Kept);
        _work = Allocate(threads, WorkspaceLength);
        _tileGradients = Allocate(tiles.ImageTiles, Length);
    }

    /// <inheritdoc/>
    public sealed override void BeginBackward(in BackwardContext context)
    {
        if (context.Dx.Has(Input)) Table.CopyByInput(context.ParametersOf(this), _byInput!.Span);
    }

    /// <inheritdoc/>
    public sealed override void Backward(in BackwardContext context, int part, int worker) =>
        BackwardTile(context, part, _work[worker].Span, _tileGradients[part].Span);

    /// <inheritdoc/>
    public sealed override void EndBackward(in BackwardContext context)
    {
        Span<float> gradient = _gradient!.Span;
        _tileGradients[0].Span.CopyTo(gradient);
        for (int tile = 1; tile < _tileGradients.Length; tile++)
            if (context.Tiles.ValidLanes[tile] > 0) 
                context.Kernels.Run(new AddForward { A = gradient, B = _tileGradients[tile].Span, Y = gradient, Relu = false });
        context.Sink.Apply(Offset, gradient);
    }

    /// <summary>The gradient of the input and of the parameters, one tile.</summary>
    /// <param name="context">The backward pass.</param>
    /// <param name="tile">The image tile.</param>
    /// <param name="work">The thread's scratch.</param>
    /// <param name="gradient">The tile's gradient of the parameters, laid out like them.</param>
    protected virtual void BackwardTile(in BackwardContext context, int tile, Span<float> work, Span<float> gradient)
    {
        ReadOnlySpan<float> dy = context.Dx.At(Output, tile);
        if (context.Dx.Has(Input))
            context.Kernels.Run(new SparseConvolutionInputGradient
            {
                Table = Table, WeightsByInput = ByInput, Dy = dy, ReluMask = context.X.ReluMask(Input, tile), Dx = context.Dx.At(Input, tile),
            });
        context.Kernels.Run(new SparseConvolutionWeightGradient
        {
            Table = Table, Part = 0, Parts = 1, X = context.X.At(Input, tile), Dy = dy, LaneGroups = 1, Workspace = work, Gradient = gradient,
        });
        if (HasBias)
            context.Kernels.Run(new ConvolutionBiasGradient { Shape = Shape, Dy = dy, LaneGroups = 1, Gradient = gradient[Parameters[1].Start..] });
    }

    /// <inheritdoc/>
    protected sealed override void AddConvolution(SinglePlanBuilder single, int from, Plane plane, Plane output)
    {
        AddListed(single, from, plane, output, new(_kept, Convolved.Live, _each, _shift));
    }

    /// <summary>An output channel's kept positions, ascending: input channel × kernel² + offset in the kernel.</summary>
    private int[] KeptPositions(int output)
    {
        int[] positions = _kept.Ones(output * _each, _each);
        foreach (ref int position in positions.AsSpan()) position += output * _shift;
        return positions;
    }

    /// <summary>The index in the weight tensor.</summary>
    private int IndexOf(int output, int position) => output * (_each - _shift) + position;

    /// <summary>For each live output its kept positions, with input channels numbered among the live ones.</summary>
    private int[][] LivePositions()
    {
        int area = Shape.KernelArea;
        int[] live = Input.Live;
        // All channels are live as a rule, so that positions are as they are.
        if (live.Length == Input.Shape.Channels) return Array.ConvertAll(Output.Live, KeptPositions);
        var channel = new int[Input.Shape.Channels];
        for (int i = 0; i < live.Length; i++) channel[live[i]] = i;
        return Array.ConvertAll(Output.Live, to => Array.ConvertAll(KeptPositions(to), position => channel[position / area] * area + position % area));
    }
}
