using CsCheck;
using Lottery.Cuda.Plans;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.UnitTests.Plans;

namespace Lottery.UnitTests.Cuda;

/// <summary>Whole networks on a card, in the emulator: scores, gradients and running statistics have the bits of the processor's.</summary>
public class CudaPlanTests
{
    private static readonly Dictionary<string, Network> s_images = new()
    {
        ["pools"] = From(3, 9).BatchNormalization().Relu().MaxPool(2).AveragePool(2).Flatten().Linear(20).Relu().Output(3).Build("pools"),
        ["pixels"] = From(2, 7).Flatten().Linear(9).Relu().Output(3).Build("pixels"),
        ["relu"] = From(2, 5).Relu().MaxPool(2).Relu().Flatten().Relu().Output(3).Build("relu"),
        ["normalized"] = From(2, 11).BatchNormalization().Relu().BatchNormalization().GlobalAveragePool().Linear(5).Output(3).Build("normalized"),
        ["residual"] = From(2, 6).BatchNormalization().Relu()
            .Residual(body => body.BatchNormalization().Relu().BatchNormalization()).Relu()
            .Residual(body => body.ZeroPad(5, 2), shortcut => shortcut.ZeroPad(5, 2).BatchNormalization()).Relu()
            .Residual(body => body.MaxPool(1).Relu()).MaxPool(3).Flatten().Output(3, prunable: false).Build("residual"),
        ["block first"] = From(2, 4).Residual(body => body.BatchNormalization()).Relu().AveragePool(3).Flatten().Output(4).Build("block first"),
        ["two pools"] = From(2, 8).BatchNormalization().Relu().MaxPool(2).MaxPool(2).Relu().GlobalAveragePool().Output(3).Build("two pools"),
        ["more rows than warps"] = new NetworkBuilder(new(2, 35, 3)).BatchNormalization().Relu().BatchNormalization().GlobalAveragePool().Output(3).Build("tall"),
        ["convolution and pool"] = From(2, 6).Convolution(3, 3).Relu().MaxPool(2).Convolution(4, 3).Relu().MaxPool(2).Flatten().Output(3).Build("convolution and pool"),
        ["dropout"] = From(2, 6).BatchNormalization().Relu().Dropout(0.3).MaxPool(2).Flatten().Dropout(0.5).Linear(30).Relu().Dropout(0.4).Output(3).Build("dropout"),
    };

    public static TheoryData<string, double, int> ImageCases { get; } =
    [
        .. from name in s_images.Keys from run in ((double, int)[])[(1, 1), (0.2, 10), (0.5, 17), (1, 60), (0.2, 65), (0.02, 128)]
           select new TheoryDataRow<string, double, int>(name, run.Item1, run.Item2),
    ];

    [Theory]
    [InlineData(1, 60)]
    [InlineData(0.2, 60)]
    [InlineData(0.02, 128)]
    public void Lenet(double density, int batch) => Check(PlanOnCard.Some(Network.Lenet300100, density), batch);

    /// <summary>Sums of fewer weights than are loaded ahead, of some more, and of many; in 16, 32, 48 and 64 lanes, and in several tiles.</summary>
    [Theory]
    [InlineData(0.4, 5)]
    [InlineData(0.3, 20)]
    [InlineData(0.2, 40)]
    [InlineData(0.1, 60)]
    [InlineData(0.4, 130)]
    public void Rows_of_many_weights(double density, int batch) => Check(PlanOnCard.Some(NetworkCatalogue.Get("mlp:313-70-33-4"), density), batch);

    [Fact]
    public void Lenet_with_frozen_weights() => Check(PlanOnCard.Some(Network.Lenet300100, 0.2), 10, frozen: true);

    [Theory]
    [MemberData(nameof(ImageCases))]
    public void Networks_on_images(string name, double density, int batch) => Check(PlanOnCard.Some(s_images[name], density), batch);

    [Theory]
    [InlineData("pools")]
    [InlineData("residual")]
    [InlineData("dropout")]
    [InlineData("convolution and pool")]
    public void Networks_of_which_nothing_is_kept(string name) => Check(PlanOnCard.Some(s_images[name], 0), 20);

    [Fact]
    public void Fully_connected_networks_of_any_size_with_masks_of_every_kind() =>
        PlanCase.Gen.Sample(one => Check(one.Mask, one.Batch), iter: 60, threads: 1);

    [Fact]
    public void A_dense_layer_never_multiplies_a_zero()
    {
        Network network = NetworkCatalogue.Get("mlp:5-4-3");
        using var both = new PlanOnCard(Mask.Full(network), 20, zeros: 1, change: weights =>
        {
            // Every input is 0: each product would be NaN, and the sum of −0 and +0 would be +0.
            for (int k = 0; k < weights[0].Length; k++) weights[0][k] = k % 2 == 0 ? float.PositiveInfinity : float.NaN;
            weights[1].Fill(-0f);
            weights[2].Fill(-1);
            weights[3].Fill(-0f);
        });
        Assert.All(both.Operations, operation => Assert.IsType<DenseLinearOperation>(operation));
        both.Check();
    }

    [Fact]
    public void The_bytes_of_a_plan_are_known_before_they_are_taken()
    {
        using var both = new PlanOnCard(PlanOnCard.Some(s_images["residual"], 0.5), 40);
        (long held, long announced) = both.Bytes;
        Assert.InRange(announced, held, held + (256 * 80));
    }

    [Theory]
    [InlineData(1, 2_050, "The layer bn1 has 1x2050x2050 values, more than a card's kernels count; this run is trained by the processor.")]
    [InlineData(70, 1_000, "The layer bn1 has 70x1000x1000 values, more than a card's kernels count; this run is trained by the processor.")]
    [InlineData(1, 2_000, null)]
    public void What_kernels_cannot_count_is_told(int channels, int side, string? sentence)
    {
        Network network = From(channels, side).BatchNormalization().GlobalAveragePool().Output(3).Build("large");
        using CompiledPlan plan = new(network, Mask.Full(network), KernelRegistry.Kernels);
        Assert.Equal(sentence, CudaPlan.Obstacle(plan));
    }

    private static void Check(Mask mask, int batch, bool frozen = false)
    {
        using var both = new PlanOnCard(mask, batch, frozen);
        both.Check();
    }

    private static NetworkBuilder From(int channels, int side) => new(new(channels, side, side));
}
