using Lottery.Plans;

namespace Lottery.Training;

/// <summary>What a layer does on the way back.</summary>
internal abstract class LayerGradient : IDisposable
{
    /// <summary>The gradient of a layer as its plan stores it.</summary>
    public static LayerGradient Of(LayerPlan layer, NetworkPlan plan) => layer switch
    {
        DenseLayerPlan dense => new DenseLayerGradient(dense, plan),
        KeptLayerPlan kept => new KeptLayerGradient(kept, plan),
        DenseConvolutionPlan dense => new DenseConvolutionGradient(dense, plan),
        PooledConvolutionPlan pooled => new PooledConvolutionGradient(pooled, plan),
        KeptConvolutionPlan kept => new KeptConvolutionGradient(kept, plan),
        NormalizationPlan normalization => new NormalizationGradient(normalization),
        MaxPoolPlan pool => new MaxPoolGradient(pool),
        AveragePoolPlan pool => new AveragePoolGradient(pool),
        GlobalAveragePlan average => new GlobalAverageGradient(average),
        FlattenPlan flatten => new FlattenGradient(flatten),
        ReluPlan relu => new ReluGradient(relu),
        DropoutPlan dropout => new DropoutGradient(dropout),
        ForkPlan fork => new ForkGradient(fork),
        JoinPlan => new JoinGradient(),
        ZeroPadPlan pad => new ZeroPadGradient(pad),
        _ => throw new ArgumentException($"There is no gradient of {layer.GetType().Name}.", nameof(layer)),
    };

    /// <summary>
    /// From the gradient of the layer's output to that of its input, where somebody wants it, and to that of its values,
    /// which the optimizer gets as soon as it is complete. The output's gradient has been through the ReLU that is part
    /// of the layer; the input's is taken through the ReLU that made it, if one did.
    /// </summary>
    public abstract void Back(Flow flow, Pass pass, OptimizerState optimizer);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
