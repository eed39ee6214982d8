using Lottery.Kernels;
using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>A linear layer, tile after tile.</summary>
internal abstract class LinearLayerPlan(Linear layer, Network network, (Signal Input, Signal Output) ends, int offset, KernelSet kernels)
    : WeightedLayerPlan(layer, network, ends, offset, kernels)
{
    /// <summary>The layer.</summary>
    public new Linear Layer { get; } = layer;

    /// <inheritdoc/>
    public sealed override void Forward(Activations x, Pass pass)
    {
        for (int tile = 0; tile < x.Tiles.Tiles; tile++)
            Forward(x.Plan.ValuesOf(this), x.At(Input, tile), x.At(Output, tile), x.Tiles.Lanes);
    }

    /// <summary>y = W x + b, and the ReLU that follows.</summary>
    /// <param name="values">The layer's values.</param>
    /// <param name="x"><c>[present inputs, lanes]</c>.</param>
    /// <param name="y"><c>[present outputs, lanes]</c>.</param>
    /// <param name="lanes">A multiple of 16, at most <see cref="LayerPlan.MostLanes"/>.</param>
    public abstract void Forward(ReadOnlySpan<float> values, ReadOnlySpan<float> x, Span<float> y, int lanes);
}
