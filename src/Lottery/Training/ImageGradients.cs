using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Pooling;
using Lottery.Plans;

namespace Lottery.Training;

/// <summary>The way back through a layer without values.</summary>
internal abstract class ImageGradient : TiledGradient
{
    /// <inheritdoc/>
    public sealed override void Tile(Flow flow, Pass pass, int tile, int worker)
    {
        if (flow.Wants(Input)) Back(flow, pass, tile);
    }

    /// <summary>What the layer reads.</summary>
    protected abstract Signal Input { get; }

    /// <summary>From the gradient of the output to that of the input, one tile of images.</summary>
    protected abstract void Back(Flow flow, Pass pass, int tile);
}

/// <summary>The way back through max pooling.</summary>
internal sealed class MaxPoolGradient(MaxPoolPlan layer) : ImageGradient
{
    protected override Signal Input => layer.Input;

    protected override void Back(Flow flow, Pass pass, int tile) => flow.Plan.Kernels.Run(new MaxPoolBackward
    {
        Pool = layer.Windows, ArgMax = flow.X.Winners(layer, tile), Y = flow.X.At(layer.Output, tile), Dy = flow.Gradient(layer.Output, tile),
        Dx = flow.Dx.At(layer.Input, tile), ReluMask = layer.Input.Rectified,
    });
}

/// <summary>The way back through average pooling.</summary>
internal sealed class AveragePoolGradient(AveragePoolPlan layer) : ImageGradient
{
    protected override Signal Input => layer.Input;

    protected override void Back(Flow flow, Pass pass, int tile) => flow.Plan.Kernels.Run(new AveragePoolBackward
    {
        Pool = layer.Windows, Dy = flow.Gradient(layer.Output, tile), ReluMask = flow.X.Gate(layer.Input, tile),
        Dx = flow.Dx.At(layer.Input, tile),
    });
}

/// <summary>The way back through the mean of every channel.</summary>
internal sealed class GlobalAverageGradient(GlobalAveragePlan layer) : ImageGradient
{
    protected override Signal Input => layer.Input;

    protected override void Back(Flow flow, Pass pass, int tile) => flow.Plan.Kernels.Run(new GlobalAverageBackward
    {
        Layout = layer.Input.Layout, Dy = flow.Gradient(layer.Output, tile / flow.Tiles.ImagesInTile), Lanes = flow.Tiles.Lanes,
        LaneGroup = tile % flow.Tiles.ImagesInTile, ReluMask = flow.X.Gate(layer.Input, tile), Dx = flow.Dx.At(layer.Input, tile),
    });
}

/// <summary>The way back from plain units to the pixels that they are.</summary>
internal sealed class FlattenGradient(FlattenPlan layer) : ImageGradient
{
    protected override Signal Input => layer.Input;

    protected override void Back(Flow flow, Pass pass, int tile) => flow.Plan.Kernels.Run(new FlattenBackward
    {
        Indices = layer.Places, Dy = flow.Gradient(layer.Output, tile / flow.Tiles.ImagesInTile), Lanes = flow.Tiles.Lanes,
        LaneGroup = tile % flow.Tiles.ImagesInTile, ReluMask = flow.X.Gate(layer.Input, tile), Dx = flow.Dx.At(layer.Input, tile),
    });
}

/// <summary>The way back through the shortcut without weights.</summary>
internal sealed class ZeroPadGradient(ZeroPadPlan layer) : ImageGradient
{
    protected override Signal Input => layer.Input;

    protected override void Back(Flow flow, Pass pass, int tile) => flow.Plan.Kernels.Run(new ShortcutBackward
    {
        Shape = layer.Shape, Targets = layer.Targets, Dy = flow.Gradient(layer.Output, tile), ReluMask = flow.X.Gate(layer.Input, tile),
        Dx = flow.Dx.At(layer.Input, tile),
    });
}

/// <summary>The gradients of body and shortcut come together.</summary>
internal sealed class ForkGradient(ForkPlan layer) : ImageGradient
{
    protected override Signal Input => layer.Input;

    protected override void Back(Flow flow, Pass pass, int tile)
    {
        ReadOnlySpan<float> body = flow.Dx.At(layer.Output, tile), shortcut = flow.Dx.At(layer.Shortcut, tile);
        Span<float> dx = flow.Dx.At(layer.Input, tile);
        if (layer.Input.Rectified)
            flow.Plan.Kernels.Run(new AddMasked { A = body, B = shortcut, ReluMask = flow.X.At(layer.Input, tile), Dx = dx });
        else flow.Plan.Kernels.Run(new AddForward { A = body, B = shortcut, Y = dx, Relu = false });
    }
}

/// <summary>The gradient of a sum is that of both summands, and has one place for all three.</summary>
internal sealed class JoinGradient : TiledGradient
{
    public override void Tile(Flow flow, Pass pass, int tile, int worker)
    {
    }
}

/// <summary>The way back through a ReLU that stands by itself.</summary>
internal sealed class ReluGradient(ReluPlan layer) : LayerGradient
{
    public override void Back(Flow flow, Pass pass, OptimizerState optimizer)
    {
        if (!flow.Wants(layer.Input)) return;
        Span<float> dx = flow.Dx.All(layer.Input);
        flow.Gradients(layer.Output).CopyTo(dx);
        flow.Plan.Kernels.Run(new ReluMask { Mask = flow.X.All(layer.Output), Values = dx });
    }
}

/// <summary>The way back through dropout: what was dropped is drawn again.</summary>
internal sealed class DropoutGradient(DropoutPlan layer) : LayerGradient
{
    public override void Back(Flow flow, Pass pass, OptimizerState optimizer)
    {
        if (!flow.Wants(layer.Input)) return;
        ReadOnlySpan<float> gate = layer.Input.Rectified ? flow.X.All(layer.Input) : default;
        flow.Plan.Kernels.Run(new DropoutValues
        {
            Random = layer.Numbers(pass), First = 0, Rate = layer.Rate, X = flow.Gradients(layer.Output), ReluMask = gate,
            Y = flow.Dx.All(layer.Input),
        });
    }
}
