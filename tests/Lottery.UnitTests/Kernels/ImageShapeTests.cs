using Lottery.Kernels;
using Lottery.Kernels.Elementwise;
using Lottery.Kernels.Normalization;
using Lottery.Kernels.Pooling;

namespace Lottery.UnitTests.Kernels;

/// <summary>Where an image's values lie, and calls that do not fit, which are refused before anything is written.</summary>
public sealed class ImageShapeTests
{
    private static readonly ImageLayout s_layout = new(2, 3, 4, 1);
    private static readonly float[] s_image = new float[s_layout.Length];
    private static readonly KernelSet s_kernels = KernelRegistry.Kernels;

    [Fact]
    public void A_pixel_lies_behind_its_border()
    {
        Assert.Equal(2 * 5 * 6 * 16, s_layout.Length);
        Assert.Equal((1 * 5 * 6 + (2 + 1) * 6 + 3 + 1) * 16, s_layout.Offset(1, 2, 3));
    }

    [Fact]
    public void Pixels_are_numbered_as_PyTorch_flattens_them()
    {
        var indices = new FlattenIndices(s_layout, [0, 5, 12, 23]);
        Assert.Equal([s_layout.Offset(0, 0, 0), s_layout.Offset(0, 1, 1), s_layout.Offset(1, 0, 0), s_layout.Offset(1, 2, 3)], indices.Offsets);
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(3, 24)]
    public void Pixels_ascend_and_are_in_the_image(int first, int second) =>
        Assert.Throws<ArgumentException>(() => new FlattenIndices(s_layout, [first, second]));

    [Fact]
    public void A_pool_whose_result_has_another_size_is_refused()
    {
        PoolShape pool = PoolShape.Over(s_layout, 2, 2, 0), wider = pool with { Output = pool.Output with { Columns = 3 } };
        float[] y = new float[wider.Output.Length], argMax = new float[wider.Output.Length];
        MaxPool(pool, s_image, y, argMax);
        Refused(() => MaxPool(wider, s_image, y, argMax));
        Refused(() => MaxPool(pool, s_image.AsSpan(1), y, argMax));
        Refused(() => MaxPool(pool, s_image, y, argMax.AsSpan(0, pool.Output.Length - 1)));
        Refused(() => s_kernels.Run(new AveragePoolForward { Pool = pool with { Stride = 1 }, X = s_image, Y = y }));
        Refused(() => MaxPool(pool with { Size = 4 }, s_image, y, argMax));
    }

    [Fact]
    public void A_tile_that_the_flat_one_has_not_is_refused()
    {
        var indices = new FlattenIndices(s_layout, [0]);
        var y = new float[64];
        Flatten(indices, y, 32, 1);
        Refused(() => Flatten(indices, y, 32, 2));
        Refused(() => Flatten(indices, y, 32, -1));
        Refused(() => s_kernels.Run(new GlobalAverageForward { Layout = s_layout, X = s_image, Y = y, Lanes = 64, LaneGroup = 0 }));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(0, 3)]
    [InlineData(-2, 0)]
    public void A_shortcut_gives_every_channel_a_place_of_its_own(int first, int second)
    {
        var shape = new ShortcutShape(s_layout, s_layout with { Channels = 3 }, 1);
        var y = new float[shape.Output.Length];
        Shortcut(shape, [0, 2], y);
        Refused(() => Shortcut(shape, [first, second], y));
        Refused(() => Shortcut(shape with { Stride = 2 }, [0, 2], y));
    }

    [Fact]
    public void A_batch_without_a_variance_is_refused()
    {
        var shape = new NormalizationShape(new(1, 1, 1, 0), new(1, 1, 1, 0));
        Assert.Equal(2, Moments(shape, 0, [1, 1], 32).Count);
        Refused(() => Moments(shape, 0, [1, 0], 32));
        Refused(() => Moments(shape, 0, [1, 17], 32));
        Refused(() => Moments(shape, 1, [1, 1], 32));
        Refused(() => Moments(shape, 0, [1, 1], 31));
    }

    private static void MaxPool(PoolShape pool, ReadOnlySpan<float> x, Span<float> y, Span<float> argMax) =>
        s_kernels.Run(new MaxPoolForward { Pool = pool, X = x, Y = y, ArgMax = argMax });

    private static void Flatten(FlattenIndices indices, float[] y, int lanes, int laneGroup) =>
        s_kernels.Run(new FlattenForward { Indices = indices, X = s_image, Y = y, Lanes = lanes, LaneGroup = laneGroup });

    private static void Shortcut(ShortcutShape shape, int[] targets, float[] y) =>
        s_kernels.Run(new ShortcutForward { Shape = shape, Targets = targets, X = s_image, Y = y });

    private static Moments Moments(NormalizationShape shape, int channel, int[] validLanes, int length)
    {
        Moments moments = default;
        s_kernels.Run(new BatchMoments { Shape = shape, Channel = channel, ValidLanes = validLanes, X = new float[length], Result = new(ref moments) });
        return moments;
    }

    private static void Refused(Action call) =>
        Assert.Contains("shapes that do not fit", Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
}
