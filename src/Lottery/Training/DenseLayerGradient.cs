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
        plan.Kernels.Transpose(plan.ValuesOf(layer), layer.Columns, _weightsByOutput.Span, layer.Rows, layer.Rows, layer.Columns);
        plan.Kernels.Transpose(dy, lanes, _dyByLane.Span, layer.Columns, layer.Columns, lanes);
        plan.Kernels.ActiveBits(_dyByLane.Span, layer.Columns, _activeByLane.Span, lanes, layer.Columns);
        plan.Kernels.ActiveProduct(
            _dyByLane.Span, layer.Columns, _activeByLane.Span, words, _weightsByOutput.Span, layer.Rows, default,
            _dxByLane.Span, layer.Rows, lanes, layer.Rows, add: false);
        plan.Kernels.Transpose(_dxByLane.Span, layer.Rows, dx, lanes, lanes, layer.Rows);
        if (!gate.IsEmpty) plan.Kernels.Rectify(gate, dx[..(layer.Rows * lanes)]);
    }

    public override void Values(Flow flow, OptimizerState optimizer)
    {
        (int tiles, int lanes) = (flow.Tiles.Tiles, flow.Tiles.Lanes);
        bool once = tiles == 1;
        if (once) Transpose(flow, 0);
        for (int row = 0; row < layer.Rows; row += BlockRows)
        {
            int rows = Math.Min(BlockRows, layer.Rows - row);
            for (int tile = 0; tile < tiles; tile++)
            {
                if (!once) Transpose(flow, tile);
                Block(flow.X.At(layer.Input, tile)[(row * lanes)..], rows, lanes, add: tile > 0);
            }
            optimizer.Apply(layer.Offset + row * layer.Columns, _gradient.Span[..(rows * layer.Columns)]);
        }
        Span<float> biases = _gradient.Span[..layer.Columns];
        for (int tile = 0; tile < tiles; tile++)
            plan.Kernels.BiasGradient(flow.Gradient(layer.Output, tile), biases, layer.Columns, lanes, add: tile > 0);
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

    private void Transpose(Flow flow, int tile) => plan.Kernels.Transpose(
        flow.Gradient(layer.Output, tile), flow.Tiles.Lanes, _dyByLane.Span, layer.Columns, layer.Columns, flow.Tiles.Lanes);

    private void Block(ReadOnlySpan<float> x, int rows, int lanes, bool add)
    {
        plan.Kernels.ActiveBits(x, lanes, _activeByInput.Span, rows, lanes);
        plan.Kernels.ActiveProduct(
            x, lanes, _activeByInput.Span, 1, _dyByLane.Span, layer.Columns, default,
            _gradient.Span, layer.Columns, rows, layer.Columns, add);
    }
}
