using Lottery.Kernels;
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
        Kernels.Transpose(x, lanes, _xByLane.Span, Rows, Rows, lanes);
        Kernels.ActiveBits(_xByLane.Span, Rows, _active.Span, lanes, Rows);
        Kernels.ActiveProduct(
            _xByLane.Span, Rows, _active.Span, _words, values, Columns, values[BiasOffset..],
            _yByLane.Span, Columns, lanes, Columns, add: false);
        Kernels.Transpose(_yByLane.Span, Columns, y, lanes, lanes, Columns);
        if (Relu) Kernels.Rectify(y[..(Columns * lanes)], y[..(Columns * lanes)]);
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
