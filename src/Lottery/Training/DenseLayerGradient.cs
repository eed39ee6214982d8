using Lottery.Kernels.Dense;
using Lottery.Kernels.Elementwise;
using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>Gradients of a dense layer, 64 inputs at a time, so that a block is still in the cache when it is applied.</summary>
internal sealed class DenseLayerGradient(DenseLayerPlan layer, NetworkPlan plan) : LinearGradient(layer)
{
    private const int BlockRows = 64;
    private readonly AlignedBuffer<float> _gradient = new(BlockRows * layer.Columns);
    private readonly AlignedBuffer<float> _dyByLane = new(LayerPlan.MostLanes * layer.Columns);
    private readonly AlignedBuffer<float> _dxByLane = new(LayerPlan.MostLanes * layer.Rows);
    private readonly AlignedBuffer<float> _weightsByOutput = new(LayerPlan.Padded(layer.Columns, 64) * layer.Rows);
    private readonly AlignedBuffer<ulong> _activeByLane = new(LayerPlan.MostLanes * LayerPlan.Padded(layer.Columns, 64) / 64);
    private readonly AlignedBuffer<ulong> _activeByInput = new(BlockRows);

    protected override void Input(ReadOnlySpan<float> dy, ReadOnlySpan<float> gate, Span<float> dx, int lanes)
    {
        int words = LayerPlan.Padded(layer.Columns, 64) / 64;
        plan.Kernels.Run(new Transpose
        {
            Source = plan.ValuesOf(layer), SourceStride = layer.Columns, Target = _weightsByOutput.Span, TargetStride = layer.Rows,
            Rows = layer.Rows, Columns = layer.Columns,
        });
        plan.Kernels.Run(new Transpose
        {
            Source = dy, SourceStride = lanes, Target = _dyByLane.Span, TargetStride = layer.Columns, Rows = layer.Columns, Columns = lanes,
        });
        plan.Kernels.Run(new NonzeroBits
        {
            A = _dyByLane.Span, Stride = layer.Columns, Bits = _activeByLane.Span, Rows = lanes, Columns = layer.Columns,
        });
        plan.Kernels.Run(new ZeroSkippingProduct
        {
            A = _dyByLane.Span, AStride = layer.Columns, Nonzero = _activeByLane.Span, Words = words, M = _weightsByOutput.Span,
            MStride = layer.Rows, Target = _dxByLane.Span, TargetStride = layer.Rows, Rows = lanes, Columns = layer.Rows,
        });
        plan.Kernels.Run(new Transpose
        {
            Source = _dxByLane.Span, SourceStride = layer.Rows, Target = dx, TargetStride = lanes, Rows = lanes, Columns = layer.Rows,
        });
        if (!gate.IsEmpty) plan.Kernels.Run(new ReluMask { Mask = gate, Values = dx[..(layer.Rows * lanes)] });
    }

    public override void Values(Flow flow, OptimizerState optimizer)
    {
        (int tiles, int lanes) = (flow.Tiles.Tiles, flow.Tiles.Lanes);
        bool once = tiles == 1;
        if (once) TransposeGradient(flow, 0);
        for (int row = 0; row < layer.Rows; row += BlockRows)
        {
            int rows = Math.Min(BlockRows, layer.Rows - row);
            for (int tile = 0; tile < tiles; tile++)
            {
                if (!once) TransposeGradient(flow, tile);
                Block(flow.X.At(layer.Input, tile)[(row * lanes)..], rows, lanes, add: tile > 0);
            }
            optimizer.Apply(layer.Offset + row * layer.Columns, _gradient.Span[..(rows * layer.Columns)]);
        }
        Span<float> biases = _gradient.Span[..layer.Columns];
        for (int tile = 0; tile < tiles; tile++)
            plan.Kernels.Run(new BiasGradient
            {
                Dy = flow.Gradient(layer.Output, tile), Gradient = biases, Rows = layer.Columns, Lanes = lanes, Add = tile > 0,
            });
        optimizer.Apply(layer.Offset + layer.BiasOffset, biases);
    }

    public override void Dispose()
    {
        _gradient.Dispose();
        _dyByLane.Dispose();
        _dxByLane.Dispose();
        _weightsByOutput.Dispose();
        _activeByLane.Dispose();
        _activeByInput.Dispose();
    }

    private void TransposeGradient(Flow flow, int tile) => plan.Kernels.Run(new Transpose
    {
        Source = flow.Gradient(layer.Output, tile), SourceStride = flow.Tiles.Lanes, Target = _dyByLane.Span, TargetStride = layer.Columns,
        Rows = layer.Columns, Columns = flow.Tiles.Lanes,
    });

    private void Block(ReadOnlySpan<float> x, int rows, int lanes, bool add)
    {
        plan.Kernels.Run(new NonzeroBits { A = x, Stride = lanes, Bits = _activeByInput.Span, Rows = rows, Columns = lanes });
        plan.Kernels.Run(new ZeroSkippingProduct
        {
            A = x, AStride = lanes, Nonzero = _activeByInput.Span, Words = 1, M = _dyByLane.Span, MStride = layer.Columns,
            Target = _gradient.Span, TargetStride = layer.Columns, Rows = rows, Columns = layer.Columns, Add = add,
        });
    }
}
