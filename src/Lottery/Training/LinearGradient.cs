using Lottery.Plans;

namespace Lottery.Training;

/// <summary>What a linear layer does on the way back: the gradient of its input first, before its weights move.</summary>
internal abstract class LinearGradient(LinearLayerPlan layer) : LayerGradient
{
    /// <inheritdoc/>
    public sealed override void Back(Flow flow, Pass pass, OptimizerState optimizer)
    {
        if (flow.Wants(layer.Input)) Input(flow);
        Values(flow, optimizer);
    }

    /// <summary>The gradient at the layer's input, tile by tile.</summary>
    public void Input(Flow flow)
    {
        for (int tile = 0; tile < flow.Tiles.Tiles; tile++)
            Input(flow.Gradient(layer.Output, tile), flow.X.Gate(layer.Input, tile), flow.Dx.At(layer.Input, tile), flow.Tiles.Lanes);
    }

    /// <summary>The gradient of the layer's values, summed over the tiles of a batch in order, handed to the optimizer.</summary>
    public abstract void Values(Flow flow, OptimizerState optimizer);

    /// <summary>The gradient at the layer's input, one tile.</summary>
    /// <param name="dy"><c>[present outputs, lanes]</c>.</param>
    /// <param name="gate">The input where a ReLU made it, otherwise nothing.</param>
    /// <param name="dx"><c>[present inputs, lanes]</c>.</param>
    /// <param name="lanes">A multiple of 16.</param>
    protected abstract void Input(ReadOnlySpan<float> dy, ReadOnlySpan<float> gate, Span<float> dx, int lanes);
}
