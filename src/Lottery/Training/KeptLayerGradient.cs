using Lottery.Numerics;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>Gradients of kept weights alone; those of outputs that have left the plan stay zero.</summary>
internal sealed class KeptLayerGradient(KeptLayerPlan layer, NetworkPlan plan) : LinearGradient(layer)
{
    private readonly AlignedBuffer<float> _gradient = new(layer.Length);

    public override void Values(Flow flow, OptimizerState optimizer)
    {
        Span<float> biases = _gradient.Span[layer.BiasOffset..];
        for (int tile = 0; tile < flow.Tiles.Tiles; tile++)
        {
            ReadOnlySpan<float> x = flow.X.At(layer.Input, tile), dy = flow.Gradient(layer.Output, tile);
            for (int part = 0; part < layer.Table.Layout.Tiles; part++)
                plan.Kernels.KeptWeightGradient(
                    layer.Table, part, x, dy, _gradient.Span[layer.Table.Tile(part).Start..], flow.Tiles.Lanes, add: tile > 0);
            plan.Kernels.BiasGradient(dy, biases, layer.Table.Layout.Rows, flow.Tiles.Lanes, add: tile > 0);
        }
        optimizer.Apply(layer.Offset, _gradient.Span);
    }

    public override void Dispose() => _gradient.Dispose();

    protected override void Input(ReadOnlySpan<float> dy, ReadOnlySpan<float> gate, Span<float> dx, int lanes) =>
        plan.Kernels.KeptInputGradient(layer.Table, plan.ValuesOf(layer), dy, gate, dx, lanes);
}
