using System.Collections.Immutable;
using Lottery.Kernels.Convolution;
using Lottery.Kernels.Normalization;
using Lottery.Kernels.Prediction;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>
/// A convolution that stores every weight, as <c>[input][kernel row][kernel column][outputs rounded up to 16]</c>; packed
/// for the kernels at every pass, which costs little compared with the products.
/// </summary>
/// <remarks>
/// The outputs are partitioned over the threads for the weights' gradient: one thread sums each weight over all tiles in
/// order, so the number of threads changes no bit.
/// </remarks>
internal sealed class DenseConvolutionOperation : ConvolutionOperation
{
    /// <summary>A part of the weights' gradient transforms all of x again, so it takes as many outputs as leave each thread a part, or fill four vectors.</summary>
    private const int MostOutputsInPart = 64;

    private readonly AlignedBuffer<float> _packed;
    private readonly AlignedBuffer<float>[] _work;
    private readonly int _outputsInPart;
    private AlignedBuffer<float>? _gradient, _transposed;
    private AlignedBuffer<float>[] _gradientWork = [];
    private Action<int, int>? _weightPart;
    private BackwardContext _context;

    public DenseConvolutionOperation(Convolution layer, Network network, PlanTensor input, PlanTensor output, int threads)
        : base(layer, layer.Window, network, input, output)
    {
        _packed = Allocate(DenseConvolution.PackedLength(Shape, transposed: false));
        _work = Allocate(threads, DenseConvolution.WorkspaceLength(Shape));
        _outputsInPart = Math.Clamp(Shape.PaddedOutputs / 16 / threads * 16, 16, MostOutputsInPart);
    }

    protected override ImmutableArray<ParameterSlot> Slots()
    {
        var weights = new ParameterSlot(
            Weight, 0, Shape.DenseWeights, new TransposedMap(Shape.Outputs, Shape.Inputs * Shape.KernelArea, Shape.PaddedOutputs));
        return !HasBias ? [weights] :
        [
            weights, new(Bias, Shape.DenseWeights, Shape.PaddedOutputs, new IndexedMap([.. Enumerable.Range(0, Shape.Outputs)])),
        ];
    }

    public override BackwardUse InputUse => BackwardUse.Batch;

    public override BackwardUse GradientUse => BackwardUse.Batch;

    public override void BeginForward(in ForwardContext context) =>
        context.Kernels.Run(new ConvolutionPacking
        {
            Shape = Shape, Weights = context.ParametersOf(this), Packed = _packed.Span, Transposed = false,
        });

    public override void Forward(in ForwardContext context, int part, int worker) => context.Kernels.Run(new ConvolutionForward
    {
        Shape = Shape, Packed = _packed.Span, Bias = BiasesOf(context), X = context.X.At(Input, part), Y = context.X.At(Output, part),
        Workspace = _work[worker].Span, Relu = Relu,
    });

    public override void AllocateBackward(BatchTiles tiles, int threads)
    {
        _gradient = Allocate(Length);
        _transposed = Allocate(DenseConvolution.PackedLength(Shape, transposed: true));
        _gradientWork = Allocate(threads, DenseConvolution.GradientWorkspaceLength(Shape, _outputsInPart));
        _weightPart = BackwardWeights;
    }

    public override void BeginBackward(in BackwardContext context)
    {
        if (context.Dx.Has(Input))
            context.Kernels.Run(new ConvolutionPacking
            {
                Shape = Shape, Weights = context.ParametersOf(this), Packed = _transposed!.Span, Transposed = true,
            });
    }

    public override void Backward(in BackwardContext context, int part, int worker)
    {
        if (context.Dx.Has(Input))
            context.Kernels.Run(new ConvolutionInputGradient
            {
                Shape = Shape, Packed = _transposed!.Span, Dy = context.Dx.At(Output, part), ReluMask = context.X.ReluMask(Input, part),
                Dx = context.Dx.At(Input, part), Workspace = _work[worker].Span,
            });
    }

    public override void EndBackward(in BackwardContext context)
    {
        _context = context;
        context.Team.Run((Shape.PaddedOutputs + _outputsInPart - 1) / _outputsInPart, _weightPart!);
        if (HasBias)
            context.Kernels.Run(new ConvolutionBiasGradient
            {
                Shape = Shape, Dy = context.Dx.All(Output), LaneGroups = context.Tiles.ImageTiles,
                Gradient = _gradient!.Span[Parameters[1].Start..],
            });
        context.Sink.Apply(Offset, _gradient!.Span);
    }

    public override void AddTo(SinglePlanBuilder single)
    {
        if (!DenseConvolution.UsesWinograd(Shape))
        {
            base.AddTo(single);
            return;
        }
        var packed = new AlignedBuffer<float>(_packed.Length);
        using AlignedBuffer<float> stored = single.ParametersOf(this);
        single.Kernels.Run(new ConvolutionPacking
        {
            Shape = Shape, Weights = stored.Span, Packed = packed.Span, Transposed = false,
        });
        float[] bias = HasBias ? [.. single.Weights[Bias], .. new float[Shape.PaddedOutputs - Shape.Outputs]] : [];
        (int from, Plane plane) = single[Input];
        int work = single.Workspace(SingleWinogradForward.WorkspaceLength(Shape)), to = single.Allocate(Convolved).Buffer;
        single.Add(new Single(Convolved, Shape, packed, bias, plane, (from, work, to)));
    }

    protected override void AddConvolution(SinglePlanBuilder single, int from, Plane plane, Plane output)
    {
        int each = Shape.Inputs * Shape.KernelArea;
        AddListed(single, from, plane, output, new(BitSet.Full(Shape.Outputs * each), [.. Enumerable.Range(0, Shape.Outputs)], each));
    }

    private void BackwardWeights(int part, int worker) => _context.Kernels.Run(new ConvolutionWeightGradient
    {
        Shape = Shape, X = _context.X.All(Input), Dy = _context.Dx.All(Output), LaneGroups = _context.Tiles.ImageTiles,
        Outputs = (part * _outputsInPart)..Math.Min((part + 1) * _outputsInPart, Shape.PaddedOutputs), Gradient = _gradient!.Span,
        Workspace = _gradientWork[worker].Span,
    });

    /// <summary>The convolution of a single example by Winograd's transforms, and the normalization that follows it.</summary>
    private sealed class Single(
        PlanTensor output, ConvolutionShape shape, AlignedBuffer<float> packed, float[] bias, Plane source, (int From, int Work, int To) buffer)
        : SingleStep
    {
        private float[] _normalization = [];
        private bool _relu = output.HasRelu;

        public override void Run(SingleBuffers buffers) => buffers.Kernels.Run(new SingleWinogradForward
        {
            Shape = shape, Packed = packed.Span, Bias = bias, Normalization = _normalization, X = buffers[buffer.From],
            XSteps = (source.Row, source.Channel), Y = buffers[buffer.To], Workspace = buffers[buffer.Work], Relu = _relu,
        });

        public override bool Normalize(PlanTensor tensor, ReadOnlySpan<NormalizeForward.Constants> channels)
        {
            if (tensor != output || _relu) return false;
            int padded = shape.PaddedOutputs;
            _normalization = new float[3 * padded];
            for (int i = 0; i < channels.Length; i++)
                (_normalization[i], _normalization[padded + i], _normalization[2 * padded + i]) = (channels[i].Mean, channels[i].Scale, channels[i].Shift);
            _relu = channels[0].Relu;
            return true;
        }

        public override void Dispose() => packed.Dispose();
    }
}
