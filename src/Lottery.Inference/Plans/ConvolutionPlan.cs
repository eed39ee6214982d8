using Lottery.Kernels;
using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>A convolution: tiles of pictures do not know of one another, so the crew's threads take them as they come.</summary>
internal abstract class ConvolutionPlan : WeightedLayerPlan
{
    private readonly Action<int, int> _tile;
    private Activations? _x;

    protected ConvolutionPlan(Convolution layer, Network network, (Signal Input, Signal Output) ends, int offset, KernelSet kernels)
        : base(layer, network, ends, offset, kernels)
    {
        PictureLayout input = ends.Input.Layout, output = ends.Output.Layout;
        Shape = new(input.Channels, output.Channels, layer.Kernel, layer.Stride, layer.Padding, input.Rows, input.Columns, input.Border, output.Border);
        _tile = (tile, worker) => { if (_x!.Tiles.Live[tile] > 0) Forward(_x, tile, worker); };
    }

    /// <summary>The shape, of the channels that are present.</summary>
    public ConvolutionShape Shape { get; }

    /// <inheritdoc/>
    public sealed override void Forward(Activations x, Pass pass)
    {
        _x = x;
        Begin(x.Plan);
        x.Plan.Crew.Run(x.Tiles.PictureTiles, _tile);
    }

    /// <summary>What is done once for all tiles.</summary>
    protected virtual void Begin(NetworkPlan plan)
    {
    }

    /// <summary>From input to output, one tile of pictures.</summary>
    protected abstract void Forward(Activations x, int tile, int worker);

    /// <summary>The biases among the layer's values; nothing where it has none.</summary>
    protected ReadOnlySpan<float> BiasesOf(NetworkPlan plan) => Bias < 0 ? default : plan.ValuesOf(this)[BiasOffset..];
}
