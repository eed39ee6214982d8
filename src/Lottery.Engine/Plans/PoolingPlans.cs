using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Pooling;

namespace Lottery.Plans;

/// <summary>The largest value of every window.</summary>
internal sealed class MaxPoolPlan(int size, (Signal Input, Signal Output) ends, int offset) : ImagePlan(ends, offset)
{
    /// <summary>The windows.</summary>
    public PoolShape Windows { get; } = new(ends.Input.Layout, ends.Output.Layout, size, size);

    protected override void Forward(Activations x, Pass pass, int tile) =>
        x.Plan.Kernels.Run(new MaxPoolForward { Pool = Windows, X = x.At(Input, tile), Y = x.At(Output, tile), ArgMax = x.Winners(this, tile) });
}

/// <summary>The mean of every window.</summary>
internal sealed class AveragePoolPlan(int size, (Signal Input, Signal Output) ends, int offset) : ImagePlan(ends, offset)
{
    /// <summary>The windows.</summary>
    public PoolShape Windows { get; } = new(ends.Input.Layout, ends.Output.Layout, size, size);

    protected override void Forward(Activations x, Pass pass, int tile) =>
        x.Plan.Kernels.Run(new AveragePoolForward { Pool = Windows, X = x.At(Input, tile), Y = x.At(Output, tile) });
}

/// <summary>The mean of every channel, as plain units.</summary>
internal sealed class GlobalAveragePlan((Signal Input, Signal Output) ends, int offset) : ImagePlan(ends, offset)
{
    protected override void Forward(Activations x, Pass pass, int tile) => x.Plan.Kernels.Run(new GlobalAverageForward
    {
        Layout = Input.Layout, X = x.At(Input, tile), Y = x.At(Output, tile / x.Tiles.ImagesInTile), Lanes = x.Tiles.Lanes,
        LaneGroup = tile % x.Tiles.ImagesInTile,
    });
}

/// <summary>The pixels that somebody reads, as plain units.</summary>
internal sealed class FlattenPlan : ImagePlan
{
    public FlattenPlan((Signal Input, Signal Output) ends, int offset) : base(ends, offset)
    {
        int pixels = ends.Input.Layout.Pixels;
        int[] channels = ends.Input.Present;
        // A unit's channel by its place among those that are present.
        Places = new(ends.Input.Layout, Array.ConvertAll(
            ends.Output.Present, unit => Array.BinarySearch(channels, unit / pixels) * pixels + unit % pixels));
    }

    /// <summary>The pixel of each present unit.</summary>
    public FlattenIndices Places { get; }

    protected override void Forward(Activations x, Pass pass, int tile) => x.Plan.Kernels.Run(new FlattenForward
    {
        Indices = Places, X = x.At(Input, tile), Y = x.At(Output, tile / x.Tiles.ImagesInTile), Lanes = x.Tiles.Lanes,
        LaneGroup = tile % x.Tiles.ImagesInTile,
    });
}
