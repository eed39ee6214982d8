using Lottery.Kernels;
using Lottery.Kernels.Convolution;
using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>A convolution.</summary>
internal abstract class ConvolutionPlan : WeightedLayerPlan, ITiledPlan
{
    private readonly LayerChain _alone;

    /// <summary>The plan of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="network">Its network.</param>
    /// <param name="ends">What the plan reads and writes.</param>
    /// <param name="offset">Where its values begin in the plan's.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="made">What the convolution makes, where that is not yet what the plan writes.</param>
    protected ConvolutionPlan(
        Convolution layer, Network network, (Signal Input, Signal Output) ends, int offset, KernelSet kernels, Signal? made = null)
        : base(layer, network, ends, offset, kernels)
    {
        Made = made ?? ends.Output;
        Shape = ShapeOf(layer, ends.Input, Made);
        _alone = new(this);
    }

    /// <summary>The shape, of the channels that are present.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>The shape of a layer between two signals.</summary>
    public static ConvolutionShape ShapeOf(Convolution layer, Signal from, Signal to)
    {
        ImageLayout input = from.Layout, output = to.Layout;
        return new(input.Channels, output.Channels, layer.Kernel, layer.Stride, layer.Padding, input.Rows, input.Columns, input.Border, output.Border);
    }

    /// <summary>What the convolution makes.</summary>
    public Signal Made { get; }

    /// <inheritdoc/>
    public sealed override bool Relu => Made.Rectified;

    /// <inheritdoc/>
    public sealed override void Forward(Activations x, Pass pass) => _alone.Forward(x, pass);

    /// <inheritdoc/>
    public virtual void Begin(NetworkPlan plan)
    {
    }

    void ITiledPlan.Tile(Activations x, Pass pass, int tile, int worker) => Forward(x, tile, worker);

    /// <summary>From input to output, one tile of images.</summary>
    protected abstract void Forward(Activations x, int tile, int worker);

    /// <summary>The biases among the layer's values; nothing where it has none.</summary>
    protected ReadOnlySpan<float> BiasesOf(NetworkPlan plan) => Bias < 0 ? default : plan.ValuesOf(this)[BiasOffset..];
}
