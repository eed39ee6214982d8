using Lottery.Networks;

namespace Lottery.UnitTests.Plans;

/// <summary>Small networks that between them have every layer in every place.</summary>
internal static class ImageNetworks
{
    public static Dictionary<string, Network> All { get; } = new()
    {
        ["plain"] = From(2, 6).Convolution(5, 3).Relu().Convolution(4, 3).Relu().MaxPool(2).Flatten().Linear(5).Relu().Output(3).Build("plain"),
        ["no relu"] = From(1, 5).Convolution(3, 3, padding: 0).Convolution(2, 2, padding: 0).Flatten().Linear(4).Output(3).Build("no relu"),
        ["wide"] = From(1, 7).Convolution(3, 5, stride: 2).Relu().AveragePool(2).Flatten().Output(3).Build("wide"),
        ["winograd"] = From(8, 4).Convolution(9, 3).Relu().Convolution(8, 3).Relu().GlobalAveragePool().Output(3).Build("winograd"),
        ["normalized"] = From(2, 5).Convolution(4, 3, bias: false).BatchNormalization().Relu().Convolution(3, 1).BatchNormalization().Relu()
            .MaxPool(2).Flatten().Output(3).Build("normalized"),
        ["depthwise"] = From(3, 6).Convolution(4, 3, bias: false).BatchNormalization().Relu()
            .DepthwiseConvolution(3, bias: false).BatchNormalization().Relu().Convolution(5, 1).Relu()
            .DepthwiseConvolution(3, stride: 2).Relu().GlobalAveragePool().Output(3).Build("depthwise"),
        ["depthwise first"] = From(2, 7).DepthwiseConvolution(5, stride: 2, padding: 1).Relu().DepthwiseConvolution(2, padding: 0)
            .MaxPool(2).Flatten().Output(3).Build("depthwise first"),
        // The values between the two pools are read in the backward pass of the first: they must outlive their tile.
        ["two pools"] = From(2, 8).Convolution(3, 3).Relu().MaxPool(2).MaxPool(2).Flatten().Output(3).Build("two pools"),
        ["residual"] = From(2, 6).Convolution(3, 3, bias: false).BatchNormalization().Relu()
            .Residual(body => body.Convolution(3, 3, bias: false).BatchNormalization().Relu().Convolution(3, 3, bias: false).BatchNormalization()).Relu()
            .Residual(
                body => body.Convolution(4, 3, stride: 2, bias: false).BatchNormalization().Relu().Convolution(4, 3, bias: false).BatchNormalization(),
                shortcut => shortcut.Convolution(4, 1, stride: 2, bias: false, prunable: false)).Relu()
            .Residual(body => body.Convolution(6, 3, stride: 2).Relu(), shortcut => shortcut.ZeroPad(6, 2))
            .GlobalAveragePool().Output(3, prunable: false).Build("residual"),
    };

    private static NetworkBuilder From(int channels, int side) => new(new(channels, side, side));
}
