using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>Gradients of a dense layer, 64 inputs at a time, so that a block is still in the cache when it is applied.</summary>
internal sealed class DenseLayerGradient(DenseLayerPlan layer, NetworkPlan plan) : LayerGradient
{
    private const int BlockRows = 64;
    private readonly AlignedBuffer<float> _gradient = new(BlockRows * layer.Columns);
    private readonly AlignedBuffer<float> _dyByLane = new(LayerPlan.MostLanes * layer.Columns);
    private readonly AlignedBuffer<float> _dxByLane = new(LayerPlan.MostLanes * layer.Rows);
    private readonly AlignedBuffer<float> _weightsByOutput = new(LayerPlan.Padded(layer.Columns, 64) * layer.Rows);
    private readonly AlignedBuffer<ulong> _activeByLane = new(LayerPlan.MostLanes * LayerPlan.Padded(layer.Columns, 64) / 64);
    private readonly AlignedBuffer<ulong> _activeByInput = new(BlockRows);

    public override void Input(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, Span<float> dx, int lanes)
    {
        int words = LayerPlan.Padded(layer.Columns, 64) / 64;
        plan.Kernels.Transpose(plan.ValuesOf(layer), layer.Columns, _weightsByOutput.Span, layer.Rows, layer.Rows, layer.Columns);
        plan.Kernels.Transpose(dy, lanes, _dyByLane.Span, layer.Columns, layer.Columns, lanes);
        plan.Kernels.ActiveBits(_dyByLane.Span, layer.Columns, _activeByLane.Span, lanes, layer.Columns);
        plan.Kernels.ActiveProduct(
            _dyByLane.Span, layer.Columns, _activeByLane.Span, words, _weightsByOutput.Span, layer.Rows, default,
            _dxByLane.Span, layer.Rows, lanes, layer.Rows, add: false);
        plan.Kernels.Transpose(_dxByLane.Span, layer.Rows, dx, lanes, lanes, layer.Rows);
        plan.Kernels.Rectify(x, dx[..(layer.Rows * lanes)]);
    }

    public override void Values(Batch batch, OptimizerState optimizer)
    {
        bool once = batch.Tiles == 1;
        if (once) Transpose(batch, 0);
        for (int row = 0; row < layer.Rows; row += BlockRows)
        {
            int rows = Math.Min(BlockRows, layer.Rows - row);
            for (int tile = 0; tile < batch.Tiles; tile++)
            {
                if (!once) Transpose(batch, tile);
                Block(batch.Input(tile)[(row * batch.Lanes)..], rows, batch.Lanes, add: tile > 0);
            }
            optimizer.Apply(layer.Offset + row * layer.Columns, _gradient.Span[..(rows * layer.Columns)]);
        }
        Span<float> biases = _gradient.Span[..layer.Columns];
        for (int tile = 0; tile < batch.Tiles; tile++)
            plan.Kernels.BiasGradient(batch.Gradient(tile), biases, layer.Columns, batch.Lanes, add: tile > 0);
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

    private void Transpose(Batch batch, int tile) => plan.Kernels.Transpose(
        batch.Gradient(tile), batch.Lanes, _dyByLane.Span, layer.Columns, layer.Columns, batch.Lanes);

    private void Block(ReadOnlySpan<float> x, int rows, int lanes, bool add)
    {
        plan.Kernels.ActiveBits(x, lanes, _activeByInput.Span, rows, lanes);
        plan.Kernels.ActiveProduct(
            x, lanes, _activeByInput.Span, 1, _dyByLane.Span, layer.Columns, default,
            _gradient.Span, layer.Columns, rows, layer.Columns, add);
    }
}
