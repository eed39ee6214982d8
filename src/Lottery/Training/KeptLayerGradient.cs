using Lottery.Kernels.Dense;
using Lottery.Kernels.Sparse;
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
            for (int part = 0; part < layer.Table.ByOutput.Tiles; part++)
                plan.Kernels.Run(new SparseWeightGradient
                {
                    Matrix = layer.Table, Tile = part, X = x, Dy = dy, Gradient = _gradient.Span[layer.Table.Tile(part).Start..],
                    Lanes = flow.Tiles.Lanes, Add = tile > 0,
                });
            plan.Kernels.Run(new BiasGradient
            {
                Dy = dy, Gradient = biases, Rows = layer.Table.Rows, Lanes = flow.Tiles.Lanes, Add = tile > 0,
            });
        }
        optimizer.Apply(layer.Offset, _gradient.Span);
    }

    public override void Dispose() => _gradient.Dispose();

    protected override void Input(ReadOnlySpan<float> dy, ReadOnlySpan<float> gate, Span<float> dx, int lanes) =>
        plan.Kernels.Run(new SparseInputGradient
        {
            Matrix = layer.Table, Weights = plan.ValuesOf(layer), Dy = dy, ReluMask = gate, Dx = dx, Lanes = lanes,
        });
}
