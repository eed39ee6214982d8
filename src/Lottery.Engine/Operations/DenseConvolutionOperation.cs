using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lottery.Kernels.Convolution;
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
    /// <summary>A part of the weights' gradient transforms all of x again, so it takes as many outputs as leave two parts, or fill four vectors.</summary>
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
        _outputsInPart = Math.Clamp(Shape.PaddedOutputs / 32 * 16, 16, MostOutputsInPart);
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

    protected override void AddConvolution(SinglePlanBuilder single, int from, Plane plane, Plane output)
    {
        if (DenseConvolution.UsesWinograd(Shape)) AddWinograd(single, from, plane, output);
        else
        {
            int each = Shape.Inputs * Shape.KernelArea;
            int[] all = [.. Enumerable.Range(0, each)];
            AddListed(single, from, plane, output, [.. Enumerable.Repeat(all, Shape.Outputs)], (to, position) => to * each + position);
        }
    }

    private void BackwardWeights(int part, int worker) => _context.Kernels.Run(new ConvolutionWeightGradient
    {
        Shape = Shape, X = _context.X.All(Input), Dy = _context.Dx.All(Output), LaneGroups = _context.Tiles.ImageTiles,
        Outputs = (part * _outputsInPart)..Math.Min((part + 1) * _outputsInPart, Shape.PaddedOutputs), Gradient = _gradient!.Span,
        Workspace = _gradientWork[worker].Span,
    });

    private void AddWinograd(SinglePlanBuilder single, int from, Plane plane, Plane output)
    {
        var packed = new AlignedBuffer<float>(_packed.Length);
        using AlignedBuffer<float> stored = single.ParametersOf(this);
        single.Kernels.Run(new ConvolutionPacking
        {
            Shape = Shape, Weights = stored.Span, Packed = packed.Span, Transposed = false,
        });
        float[] bias = HasBias ? single.Weights[Bias].ToArray() : [];
        int to = single.Allocate(Convolved, output).Buffer;
        single.Add(new WinogradBlocks(plane, output, Shape, packed, bias, single.NewBuffer, (from, to), Relu));
    }

    /// <summary>
    /// The convolution of a single example by Winograd's transforms: the image is cut into up to sixteen blocks, each with the
    /// pixels around it, which lie in the kernel's lanes as sixteen images would. Blocks begin at even rows and columns, so
    /// that every 2×2 tile of outputs is computed as in a batch, to the bit.
    /// </summary>
    private sealed class WinogradBlocks : SingleStep
    {
        private const int Lanes = ConvolutionShape.Lanes;
        private readonly Plane _source, _target;
        private readonly ConvolutionShape _shape;
        private readonly AlignedBuffer<float> _packed;
        private readonly float[] _bias;
        private readonly int _across;
        private readonly (int From, int X, int Y, int Work, int To) _buffers;
        private readonly bool _relu;

        /// <param name="source">The image in a border of one zero.</param>
        /// <param name="target">The image after.</param>
        /// <param name="whole">The convolution of the whole image.</param>
        /// <param name="packed">Its packed weights, which this disposes of.</param>
        /// <param name="bias"><c>[outputs]</c>, or nothing.</param>
        /// <param name="newBuffer">Makes a buffer of that length.</param>
        /// <param name="ends">The buffers of input and output.</param>
        /// <param name="relu">True if a ReLU follows.</param>
        public WinogradBlocks(
            Plane source, Plane target, ConvolutionShape whole, AlignedBuffer<float> packed, float[] bias, Func<int, int> newBuffer,
            (int From, int To) ends, bool relu)
        {
            (_source, _target, _packed, _bias, _relu) = (source, target, packed, bias, relu);
            (int down, _across) = Blocks(target);
            _shape = whole with { Rows = target.Rows / down, Columns = target.Columns / _across, InputBorder = 1, OutputBorder = 1 };
            _buffers = (ends.From, newBuffer(_shape.InputLength), newBuffer(_shape.OutputLength), newBuffer(DenseConvolution.WorkspaceLength(_shape)), ends.To);
        }

        public override void Run(SingleBuffers buffers)
        {
            Span<float> x = buffers[_buffers.X], y = buffers[_buffers.Y];
            Gather(buffers[_buffers.From], x);
            buffers.Kernels.Run(new ConvolutionForward
            {
                Shape = _shape, Packed = _packed.Span, Bias = _bias, X = x, Y = y, Workspace = buffers[_buffers.Work], Relu = _relu,
            });
            Scatter(y, buffers[_buffers.To]);
        }

        public override void Dispose() => _packed.Dispose();

        /// <summary>The most blocks of even sides, down and across, that fit into the lanes.</summary>
        private static (int Down, int Across) Blocks(Plane image) =>
            (from down in Enumerable.Range(1, Lanes)
             from across in Enumerable.Range(1, Lanes / down)
             where image.Rows % (2 * down) == 0 && image.Columns % (2 * across) == 0
             orderby down * across descending, Math.Abs(down - across)
             select (down, across)).First();

        private int Block(Plane plane, int lane) => plane.At(0, lane / _across * _shape.Rows, lane % _across * _shape.Columns);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Gather(ReadOnlySpan<float> image, Span<float> x)
        {
            Span<int> blocks = stackalloc int[Lanes];
            int count = _target.Rows / _shape.Rows * _across, index = 0;
            for (int lane = 0; lane < count; lane++) blocks[lane] = Block(_source, lane);
            for (int channel = 0; channel < _shape.Inputs; channel++)
                for (int row = 0; row < _shape.Rows + 2; row++)
                {
                    ReadOnlySpan<float> line = image[_source.At(channel, row, 0)..];
                    for (int column = 0; column < _shape.Columns + 2; column++, index += Lanes)
                        for (int lane = 0; lane < count; lane++) x[index + lane] = line[blocks[lane] + column];
                }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Scatter(ReadOnlySpan<float> y, Span<float> image)
        {
            Span<int> blocks = stackalloc int[Lanes];
            int count = _target.Rows / _shape.Rows * _across;
            for (int lane = 0; lane < count; lane++) blocks[lane] = Block(_target, lane);
            for (int channel = 0; channel < _shape.Outputs; channel++)
                for (int row = 0; row < _shape.OutputRows; row++)
                {
                    Span<float> line = image[_target.At(channel, row, 0)..];
                    int index = channel * _shape.OutputChannel + _shape.OutputStart + row * _shape.OutputRow;
                    for (int column = 0; column < _shape.OutputColumns; column++, index += Lanes)
                        for (int lane = 0; lane < count; lane++) line[blocks[lane] + column] = y[index + lane];
                }
        }
    }
}
