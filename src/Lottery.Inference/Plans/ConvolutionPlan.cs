using Lottery.Kernels;
using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>A convolution.</summary>
internal abstract class ConvolutionPlan : WeightedLayerPlan, ITiledPlan
{
    private readonly LayerChain _alone;

    protected ConvolutionPlan(Convolution layer, Network network, (Signal Input, Signal Output) ends, int offset, KernelSet kernels)
        : base(layer, network, ends, offset, kernels)
    {
        PictureLayout input = ends.Input.Layout, output = ends.Output.Layout;
        Shape = new(input.Channels, output.Channels, layer.Kernel, layer.Stride, layer.Padding, input.Rows, input.Columns, input.Border, output.Border);
        _alone = new(this);
    }

    /// <summary>The shape, of the channels that are present.</summary>
    public ConvolutionShape Shape { get; }

    /// <inheritdoc/>
    public sealed override void Forward(Activations x, Pass pass) => _alone.Forward(x, pass);

    /// <inheritdoc/>
    public virtual void Begin(NetworkPlan plan)
    {
    }

    void ITiledPlan.Tile(Activations x, Pass pass, int tile, int worker) => Forward(x, tile, worker);

    /// <summary>From input to output, one tile of pictures.</summary>
    protected abstract void Forward(Activations x, int tile, int worker);

    /// <summary>The biases among the layer's values; nothing where it has none.</summary>
    protected ReadOnlySpan<float> BiasesOf(NetworkPlan plan) => Bias < 0 ? default : plan.ValuesOf(this)[BiasOffset..];
}
