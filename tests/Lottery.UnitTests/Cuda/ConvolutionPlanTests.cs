using Lottery.Networks;

namespace Lottery.UnitTests.Cuda;

/// <summary>Whole convolutional networks on a card, in the emulator: scores, gradients and an evaluation have the bits of the processor's.</summary>
public class ConvolutionPlanTests
{
    private static readonly Dictionary<string, Network> s_networks = new()
    {
        ["pooled"] = From(3, 12).Convolution(9, 3).Relu().Convolution(10, 3).Relu().MaxPool(2).Convolution(11, 3).MaxPool(2).Flatten()
            .Dropout(0.4).Linear(20).Relu().Output(4).Build("pooled"),
        ["residual"] = From(3, 10).Convolution(8, 3, bias: false).BatchNormalization().Relu()
            .Residual(body => body.Convolution(8, 3, bias: false).BatchNormalization().Relu().Convolution(8, 3, bias: false).BatchNormalization()).Relu()
            .Residual(
                body => body.Convolution(12, 3, 2, bias: false).BatchNormalization().Relu().Convolution(12, 3, bias: false).BatchNormalization(),
                shortcut => shortcut.Convolution(12, 1, 2, bias: false).BatchNormalization()).Relu()
            .GlobalAveragePool().Output(3).Build("residual"),
        ["depthwise"] = From(4, 9).Convolution(8, 1).Relu().DepthwiseConvolution(3, 2).Relu().Convolution(6, 5, padding: 2).Relu()
            .AveragePool(2).Flatten().Output(3).Build("depthwise"),
    };

    public static TheoryData<string, double, int> Cases { get; } =
    [
        .. from name in s_networks.Keys from run in ((double, int)[])[(1, 17), (0.6, 60), (0.3, 16), (0.04, 65)]
           select new TheoryDataRow<string, double, int>(name, run.Item1, run.Item2),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Networks_on_images(string name, double density, int batch)
    {
        using var both = new PlanOnCard(PlanOnCard.Some(s_networks[name], density), batch);
        both.Check();
    }

    [Fact]
    public void Pruned_weights_that_are_not_zero()
    {
        using var both = new PlanOnCard(PlanOnCard.Some(s_networks["pooled"], 0.3), 20, frozen: true);
        both.Check();
    }

    private static NetworkBuilder From(int channels, int side) => new(new(channels, side, side));
}
