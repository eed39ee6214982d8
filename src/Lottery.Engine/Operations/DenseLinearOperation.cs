using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lottery.Kernels.Dense;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Operations;

/// <summary>
/// A linear layer that stores every weight, as <c>[inputs][outputs]</c>, both rounded up to a multiple of 16. Zeros in the
/// input are not multiplied.
/// </summary>
internal sealed class DenseLinearOperation : LinearOperation
{
    /// <summary>Inputs whose weights' gradient is computed at once: still in the cache when the sink takes it.</summary>
    private const int BlockRows = 64;

    private readonly int _rows, _columns, _inputWords, _outputWords;
    private readonly AlignedBuffer<float> _xByLane, _yByLane;
    private readonly AlignedBuffer<ulong> _active;
    private AlignedBuffer<float>? _gradient, _dyByLane, _dxByLane, _weightsByOutput;
    private AlignedBuffer<ulong>? _activeByLane, _activeByInput;

    public DenseLinearOperation(Linear layer, Network network, PlanTensor input, PlanTensor output) : base(layer, network, input, output)
    {
        (_rows, _columns) = (Padded(layer.Inputs), Padded(layer.Outputs));
        (_inputWords, _outputWords) = (Padded(_rows, 64) / 64, Padded(_columns, 64) / 64);
        _xByLane = Allocate(BatchTiles.MaxLanes * _rows);
        _yByLane = Allocate(BatchTiles.MaxLanes * _columns);
        _active = Own(new AlignedBuffer<ulong>(BatchTiles.MaxLanes * _inputWords));
    }

    protected override ImmutableArray<ParameterSlot> Slots() =>
    [
        new(Weight, 0, _rows * _columns, new TransposedMap(Layer.Outputs, Layer.Inputs, _columns)),
        new(Bias, _rows * _columns, _columns, new IndexedMap([.. Enumerable.Range(0, Layer.Outputs)])),
    ];

    public override void Forward(in ForwardContext context, int part, int worker)
    {
        int lanes = context.Tiles.Lanes;
        ReadOnlySpan<float> parameters = context.ParametersOf(this);
        for (int tile = 0; tile < context.Tiles.Tiles; tile++)
        {
            Span<float> y = context.X.At(Output, tile);
            context.Kernels.Run(new Transpose
            {
                Source = context.X.At(Input, tile), SourceStride = lanes, Target = _xByLane.Span, TargetStride = _rows, Rows = _rows,
                Columns = lanes,
            });
            context.Kernels.Run(new NonzeroBits { A = _xByLane.Span, Stride = _rows, Bits = _active.Span, Rows = lanes, Columns = _rows });
            context.Kernels.Run(new ZeroSkippingProduct
            {
                A = _xByLane.Span, AStride = _rows, Nonzero = _active.Span, Words = _inputWords, M = parameters, MStride = _columns,
                Start = parameters[BiasStart..], Target = _yByLane.Span, TargetStride = _columns, Rows = lanes, Columns = _columns,
            });
            context.Kernels.Run(new Transpose
            {
                Source = _yByLane.Span, SourceStride = _columns, Target = y, TargetStride = lanes, Rows = lanes, Columns = _columns,
            });
            if (Relu) context.Kernels.Run(new ReluMask { Mask = y[..(_columns * lanes)], Values = y[..(_columns * lanes)] });
        }
    }

    public override void AllocateBackward(BatchTiles tiles, int threads)
    {
        _gradient = Allocate(BlockRows * _columns);
        _dyByLane = Allocate(BatchTiles.MaxLanes * _columns);
        _dxByLane = Allocate(BatchTiles.MaxLanes * _rows);
        _weightsByOutput = Allocate(Padded(_columns, 64) * _rows);
        _activeByLane = Own(new AlignedBuffer<ulong>(BatchTiles.MaxLanes * _outputWords));
        _activeByInput = Own(new AlignedBuffer<ulong>(BlockRows));
    }

    public override void BackwardParameters(in BackwardContext context)
    {
        (int tiles, int lanes) = (context.Tiles.Tiles, context.Tiles.Lanes);
        bool isOneTile = tiles == 1;
        if (isOneTile) TransposeGradient(context, 0);
        for (int row = 0; row < _rows; row += BlockRows)
        {
            int rows = Math.Min(BlockRows, _rows - row);
            for (int tile = 0; tile < tiles; tile++)
            {
                if (!isOneTile) TransposeGradient(context, tile);
                Block(context, context.X.At(Input, tile)[(row * lanes)..], rows, lanes, add: tile > 0);
            }
            context.Sink.Apply(Offset + row * _columns, _gradient!.Span[..(rows * _columns)]);
        }
        Span<float> biases = _gradient!.Span[.._columns];
        for (int tile = 0; tile < tiles; tile++)
            context.Kernels.Run(new BiasGradient
            {
                Dy = context.Dx.At(Output, tile), Gradient = biases, Rows = _columns, Lanes = lanes, Add = tile > 0,
            });
        context.Sink.Apply(Offset + BiasStart, biases);
    }

    public override void AddTo(SinglePlanBuilder single)
    {
        int from = single[Input].Buffer, bits = single.NewBuffer((Layer.Inputs + 63) / 64 * 2), to = single.Allocate(Output).Buffer;
        single.Add(new Single(single.Weights[Weight], single.Weights[Bias], (from, to), bits, Relu));
    }

    protected override void BackwardInput(in BackwardContext context, ReadOnlySpan<float> dy, ReadOnlySpan<float> reluMask, Span<float> dx)
    {
        int lanes = context.Tiles.Lanes;
        context.Kernels.Run(new Transpose
        {
            Source = context.ParametersOf(this), SourceStride = _columns, Target = _weightsByOutput!.Span, TargetStride = _rows,
            Rows = _rows, Columns = _columns,
        });
        context.Kernels.Run(new Transpose
        {
            Source = dy, SourceStride = lanes, Target = _dyByLane!.Span, TargetStride = _columns, Rows = _columns, Columns = lanes,
        });
        context.Kernels.Run(new NonzeroBits
        {
            A = _dyByLane.Span, Stride = _columns, Bits = _activeByLane!.Span, Rows = lanes, Columns = _columns,
        });
        context.Kernels.Run(new ZeroSkippingProduct
        {
            A = _dyByLane.Span, AStride = _columns, Nonzero = _activeByLane.Span, Words = _outputWords, M = _weightsByOutput.Span,
            MStride = _rows, Target = _dxByLane!.Span, TargetStride = _rows, Rows = lanes, Columns = _rows,
        });
        context.Kernels.Run(new Transpose
        {
            Source = _dxByLane.Span, SourceStride = _rows, Target = dx, TargetStride = lanes, Rows = lanes, Columns = _rows,
        });
        if (!reluMask.IsEmpty) context.Kernels.Run(new ReluMask { Mask = reluMask, Values = dx[..(_rows * lanes)] });
    }

    private void TransposeGradient(in BackwardContext context, int tile) => context.Kernels.Run(new Transpose
    {
        Source = context.Dx.At(Output, tile), SourceStride = context.Tiles.Lanes, Target = _dyByLane!.Span, TargetStride = _columns,
        Rows = _columns, Columns = context.Tiles.Lanes,
    });

    private void Block(in BackwardContext context, ReadOnlySpan<float> x, int rows, int lanes, bool add)
    {
        context.Kernels.Run(new NonzeroBits { A = x, Stride = lanes, Bits = _activeByInput!.Span, Rows = rows, Columns = lanes });
        context.Kernels.Run(new ZeroSkippingProduct
        {
            A = x, AStride = lanes, Nonzero = _activeByInput.Span, Words = 1, M = _dyByLane!.Span, MStride = _columns,
            Target = _gradient!.Span, TargetStride = _columns, Rows = rows, Columns = _columns, Add = add,
        });
    }

    /// <summary>The layer for a single example.</summary>
    private sealed class Single : SingleStep
    {
        private readonly AlignedBuffer<float> _weights, _bias;
        private readonly int _from, _to, _bits, _rows, _columns;
        private readonly bool _relu;

        /// <param name="weight"><c>[outputs, inputs]</c>.</param>
        /// <param name="bias"><c>[outputs]</c>.</param>
        /// <param name="ends">The buffers of input and output; behind the input lie zeros up to a multiple of 64.</param>
        /// <param name="bits">A buffer of two values for each 64 inputs.</param>
        /// <param name="relu">True if a ReLU follows.</param>
        public Single(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, (int From, int To) ends, int bits, bool relu)
        {
            int inputs = weight.Length / bias.Length;
            (_from, _to, _bits, _relu) = (ends.From, ends.To, bits, relu);
            (_rows, _columns) = (Padded(inputs, 64), Padded(bias.Length));
            (_weights, _bias) = (new(_rows * _columns), new(_columns));
            bias.CopyTo(_bias.Span);
            for (int output = 0; output < bias.Length; output++)
                for (int input = 0; input < inputs; input++) _weights.Span[input * _columns + output] = weight[output * inputs + input];
        }

        public override void Run(SingleBuffers buffers)
        {
            Span<ulong> active = MemoryMarshal.Cast<float, ulong>(buffers[_bits]);
            Span<float> x = buffers[_from], y = buffers[_to][.._columns];
            buffers.Kernels.Run(new NonzeroBits { A = x, Stride = _rows, Bits = active, Rows = 1, Columns = _rows });
            buffers.Kernels.Run(new ZeroSkippingProduct
            {
                A = x, AStride = _rows, Nonzero = active, Words = _rows / 64, M = _weights.Span, MStride = _columns, Start = _bias.Span,
                Target = y, TargetStride = _columns, Rows = 1, Columns = _columns,
            });
            if (_relu) buffers.Kernels.Run(new ReluMask { Mask = y, Values = y });
        }

        public override void Dispose()
        {
            _weights.Dispose();
            _bias.Dispose();
        }
    }
}
