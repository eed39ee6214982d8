using Lottery.Kernels.Elementwise;
using Lottery.Networks;

namespace Lottery.Plans;

/// <summary>The input of a residual block, read by body and shortcut: three names for the same values.</summary>
internal sealed class ForkPlan(Signal input, Signal body, Signal shortcut, int offset) : LayerPlan(input, body, offset), ITiledPlan
{
    /// <summary>The shortcut's input.</summary>
    public Signal Shortcut { get; } = shortcut;

    public override void Forward(Activations x, Pass pass)
    {
    }

    void ITiledPlan.Begin(NetworkPlan plan)
    {
    }

    void ITiledPlan.Tile(Activations x, Pass pass, int tile, int worker)
    {
    }
}

/// <summary>Body and shortcut added, and the ReLU after the block.</summary>
internal sealed class JoinPlan(Signal body, Signal shortcut, Signal output, int offset) : ImagePlan((body, output), offset)
{
    /// <summary>What is added to the input, which is the body's end.</summary>
    public Signal Shortcut { get; } = shortcut;

    protected override void Forward(Activations x, Pass pass, int tile) =>
        x.Plan.Kernels.Run(new AddForward
        {
            A = x.At(Input, tile), B = x.At(Shortcut, tile), Y = x.At(Output, tile), Relu = Output.Rectified,
        });
}

/// <summary>The shortcut without weights: every so many pixels, channels of zeros around.</summary>
internal sealed class ZeroPadPlan : ImagePlan
{
    public ZeroPadPlan(ZeroPad pad, (Signal Input, Signal Output) ends, int offset) : base(ends, offset)
    {
        Shape = new(ends.Input.Layout, ends.Output.Layout, pad.Stride);
        int before = (pad.Channels - ends.Input.Shape.Channels) / 2;
        Targets = [.. Enumerable.Range(before, ends.Input.Shape.Channels)];
    }

    /// <summary>Which pixels.</summary>
    public ShortcutShape Shape { get; }

    /// <summary>The output channel of each input channel.</summary>
    public int[] Targets { get; }

    protected override void Forward(Activations x, Pass pass, int tile) =>
        x.Plan.Kernels.Run(new ShortcutForward { Shape = Shape, Targets = Targets, X = x.At(Input, tile), Y = x.At(Output, tile) });
}
