using Lottery.Kernels;
using Lottery.Kernels.Dense;
using Lottery.Kernels.Elementwise;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>A layer that keeps every weight, stored as <c>[inputs][outputs]</c>, both rounded up to a multiple of 16.</summary>
internal sealed class DenseLayerPlan : LinearLayerPlan
{
    private readonly AlignedBuffer<float> _xByLane, _yByLane;
    private readonly AlignedBuffer<ulong> _active;
    private readonly int _words;

    public DenseLayerPlan(Linear layer, Network network, (Signal Input, Signal Output) ends, int offset, KernelSet kernels)
        : base(layer, network, ends, offset, kernels)
    {
        (Rows, Columns) = (Padded(layer.Inputs), Padded(layer.Outputs));
        _words = Padded(Rows, 64) / 64;
        _xByLane = new(MostLanes * Rows);
        _yByLane = new(MostLanes * Columns);
        _active = new(MostLanes * _words);
    }

    /// <summary>Inputs, rounded up to a multiple of 16.</summary>
    public int Rows { get; }

    /// <summary>Outputs, rounded up to a multiple of 16.</summary>
    public int Columns { get; }

    public override int Length => (Rows + 1) * Columns;

    public override int BiasOffset => Rows * Columns;

    public override void Forward(ReadOnlySpan<float> values, ReadOnlySpan<float> x, Span<float> y, int lanes)
    {
        Kernels.Run(new Transpose
        {
            Source = x, SourceStride = lanes, Target = _xByLane.Span, TargetStride = Rows, Rows = Rows, Columns = lanes,
        });
        Kernels.Run(new NonzeroBits { A = _xByLane.Span, Stride = Rows, Bits = _active.Span, Rows = lanes, Columns = Rows });
        Kernels.Run(new ZeroSkippingProduct
        {
            A = _xByLane.Span, AStride = Rows, Nonzero = _active.Span, Words = _words, M = values, MStride = Columns,
            Start = values[BiasOffset..], Target = _yByLane.Span, TargetStride = Columns, Rows = lanes, Columns = Columns,
        });
        Kernels.Run(new Transpose
        {
            Source = _yByLane.Span, SourceStride = Columns, Target = y, TargetStride = lanes, Rows = lanes, Columns = Columns,
        });
        if (Relu) Kernels.Run(new ReluMask { Mask = y[..(Columns * lanes)], Values = y[..(Columns * lanes)] });
    }

    protected override void Load(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> values)
    {
        values.Clear();
        for (int output = 0; output < Layer.Outputs; output++)
            for (int input = 0; input < Layer.Inputs; input++)
                values[input * Columns + output] = weight[output * Layer.Inputs + input];
        bias.CopyTo(values[BiasOffset..]);
    }

    protected override void Save(ReadOnlySpan<float> values, Span<float> weight, Span<float> bias)
    {
        for (int output = 0; output < Layer.Outputs; output++)
            for (int input = 0; input < Layer.Inputs; input++)
                weight[output * Layer.Inputs + input] = values[input * Columns + output];
        values.Slice(BiasOffset, bias.Length).CopyTo(bias);
    }

    public override void Dispose()
    {
        _xByLane.Dispose();
        _yByLane.Dispose();
        _active.Dispose();
    }
}
