using Lottery.Kernels;

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
        var places = new ImagePlaces(s_layout, [0, 5, 12, 23]);
        Assert.Equal([s_layout.Offset(0, 0, 0), s_layout.Offset(0, 1, 1), s_layout.Offset(1, 0, 0), s_layout.Offset(1, 2, 3)], places.Offsets);
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(3, 24)]
    public void Pixels_ascend_and_are_in_the_image(int first, int second) =>
        Assert.Throws<ArgumentException>(() => new ImagePlaces(s_layout, [first, second]));

    [Fact]
    public void A_pool_whose_result_has_another_size_is_refused()
    {
        PoolShape pool = PoolShape.Over(s_layout, 2, 2, 0), wider = pool with { Output = pool.Output with { Columns = 3 } };
        float[] y = new float[wider.Output.Length], winner = new float[wider.Output.Length];
        s_kernels.MaxPool(pool, s_image, y, winner);
        Refused(() => s_kernels.MaxPool(wider, s_image, y, winner));
        Refused(() => s_kernels.MaxPool(pool, s_image.AsSpan(1), y, winner));
        Refused(() => s_kernels.MaxPool(pool, s_image, y, winner.AsSpan(0, pool.Output.Length - 1)));
        Refused(() => s_kernels.AveragePool(pool with { Stride = 1 }, s_image, y));
        Refused(() => s_kernels.MaxPool(pool with { Size = 4 }, s_image, y, winner));
    }

    [Fact]
    public void A_tile_that_the_flat_one_has_not_is_refused()
    {
        var places = new ImagePlaces(s_layout, [0]);
        var y = new float[64];
        s_kernels.Flatten(places, s_image, y, 32, 1);
        Refused(() => s_kernels.Flatten(places, s_image, y, 32, 2));
        Refused(() => s_kernels.Flatten(places, s_image, y, 32, -1));
        Refused(() => s_kernels.GlobalAverage(s_layout, s_image, y, 64, 0));
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
        s_kernels.Shortcut(shape, [0, 2], s_image, y);
        Refused(() => s_kernels.Shortcut(shape, [first, second], s_image, y));
        Refused(() => s_kernels.Shortcut(shape with { Stride = 2 }, [0, 2], s_image, y));
    }

    [Fact]
    public void A_batch_without_a_variance_is_refused()
    {
        var shape = new NormalizationShape(new(1, 1, 1, 0), new(1, 1, 1, 0));
        Assert.Equal(2, s_kernels.BatchMoments(shape, 0, [1, 1], new float[32]).Count);
        Refused(() => s_kernels.BatchMoments(shape, 0, [1, 0], new float[32]));
        Refused(() => s_kernels.BatchMoments(shape, 0, [1, 17], new float[32]));
        Refused(() => s_kernels.BatchMoments(shape, 1, [1, 1], new float[32]));
        Refused(() => s_kernels.BatchMoments(shape, 0, [1, 1], new float[31]));
    }

    private static void Refused(Action call) =>
        Assert.Contains("shapes that do not fit", Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
}
