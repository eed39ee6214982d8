using Lottery.Networks;

namespace Lottery.Operations;

/// <summary>A linear layer and the ReLU that follows it; tile after tile on the caller's thread.</summary>
internal abstract class LinearOperation(Linear layer, Network network, PlanTensor input, PlanTensor output) : Operation(layer.Name, input, output)
{
    /// <summary>The layer.</summary>
    public Linear Layer { get; } = layer;

    /// <inheritdoc/>
    public sealed override BackwardUse InputUse => BackwardUse.Batch;

    /// <inheritdoc/>
    public sealed override BackwardUse GradientUse => BackwardUse.Batch;

    /// <summary>True if a ReLU follows.</summary>
    protected bool Relu => Output.HasRelu;

    /// <summary>The weights' index among the network's parameters.</summary>
    protected int Weight { get; } = network.IndexOf($"{layer.Name}.weight");

    /// <summary>The biases' index among the network's parameters.</summary>
    protected int Bias { get; } = network.IndexOf($"{layer.Name}.bias");

    /// <summary>Where the biases begin among the layer's parameters.</summary>
    protected int BiasStart => Parameters[1].Start;

    /// <summary>The input's gradient first: the sink may move the weights.</summary>
    public sealed override void Backward(in BackwardContext context, int part, int worker)
    {
        if (context.Dx.Has(Input)) BackwardInput(context);
        BackwardParameters(context);
    }

    /// <summary>The gradient of the input, tile after tile.</summary>
    public void BackwardInput(in BackwardContext context)
    {
        for (int tile = 0; tile < context.Tiles.Tiles; tile++)
            BackwardInput(context, context.Dx.At(Output, tile), context.X.ReluMask(Input, tile), context.Dx.At(Input, tile));
    }

    /// <summary>The gradient of the parameters, summed over the tiles in order.</summary>
    public abstract void BackwardParameters(in BackwardContext context);

    /// <summary>The gradient of the input, one tile.</summary>
    /// <param name="context">The backward pass.</param>
    /// <param name="dy"><c>[live outputs, lanes]</c>.</param>
    /// <param name="reluMask">The input if a ReLU made it, otherwise nothing.</param>
    /// <param name="dx"><c>[live inputs, lanes]</c>.</param>
    protected abstract void BackwardInput(in BackwardContext context, ReadOnlySpan<float> dy, ReadOnlySpan<float> reluMask, Span<float> dx);
}
