using Lottery.Kernels;
using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>A layer with weights: first those, then its biases, each rounded up to a multiple of 16.</summary>
/// <param name="layer">The layer.</param>
/// <param name="network">Its network.</param>
/// <param name="ends">What it reads and writes; a rectified output means that a ReLU follows, which is part of the plan.</param>
/// <param name="offset">Where its values begin in the plan's.</param>
/// <param name="kernels">The kernels.</param>
internal abstract class WeightedLayerPlan(Layer layer, Network network, (Signal Input, Signal Output) ends, int offset, KernelSet kernels)
    : LayerPlan(ends.Input, ends.Output, offset)
{
    /// <summary>The layer.</summary>
    public Layer Layer { get; } = layer;

    /// <summary>Its weights, an index into the network's parameters.</summary>
    public int Weight { get; } = network.IndexOf($"{layer.Name}.weight");

    /// <summary>Its biases, likewise; −1 where it has none.</summary>
    public int Bias { get; } = layer.Parameters.Length > 1 ? network.IndexOf($"{layer.Name}.bias") : -1;

    /// <summary>True where a ReLU follows.</summary>
    public virtual bool Relu => Output.Rectified;

    /// <summary>Where the biases begin, from <see cref="LayerPlan.Offset"/>.</summary>
    public abstract int BiasOffset { get; }

    /// <summary>True where weights that a mask has pruned exist all the same, and must be kept from moving.</summary>
    public bool Freezes { get; init; }

    /// <summary>The kernels.</summary>
    protected KernelSet Kernels { get; } = kernels;

    /// <inheritdoc/>
    public sealed override void Load(Weights weights, Span<float> values) =>
        Load(weights[Weight], Bias < 0 ? default : weights[Bias], values);

    /// <inheritdoc/>
    public sealed override void Save(ReadOnlySpan<float> values, Weights weights) =>
        Save(values, weights[Weight], Bias < 0 ? default : weights[Bias]);

    /// <summary>Takes the layer's values from tensors in full shape.</summary>
    protected abstract void Load(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> values);

    /// <summary>Writes the layer's values into tensors in full shape; what is pruned is left as it is.</summary>
    protected abstract void Save(ReadOnlySpan<float> values, Span<float> weight, Span<float> bias);
}
