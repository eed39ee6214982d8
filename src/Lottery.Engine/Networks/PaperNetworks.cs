namespace Lottery.Networks;

/// <summary>
/// Conv-2, Conv-4 and Conv-6 on CIFAR-10: pairs of 3×3 convolutions with 64, 128 and 256 channels, each pair pooled, then
/// 256-256-10 (Frankle &amp; Carbin 2019, Figure 2). With dropout (section 3) the input and the two hidden layers of the fully connected part
/// drop half of their values; the paper names the rate, and not the layers.
/// </summary>
internal static class PaperConv
{
    private const double Rate = 0.5;

    public static Network Build(string name, int convolutions, bool dropout = false)
    {
        var builder = new NetworkBuilder(new(3, 32, 32));
        for (int pair = 0; pair < convolutions / 2; pair++)
            builder.Convolution(64 << pair, 3).Relu().Convolution(64 << pair, 3).Relu().MaxPool(2);
        builder.Flatten();
        for (int layer = 0; layer < 2; layer++)
        {
            if (dropout) builder.Dropout(Rate);
            builder.Linear(256).Relu();
        }
        if (dropout) builder.Dropout(Rate);
        return builder.Output(10).Build(name);
    }
}

/// <summary>
/// The residual network of 20 layers for CIFAR-10 (He et al. 2016, section 4.2), with zero-padded identity shortcuts, or
/// with 1×1 projections as Frankle &amp; Carbin 2019 call it ResNet-18 (Figure 2); shortcuts and output are not pruned.
/// </summary>
internal static class PaperResNet
{
    private const int BlocksInStage = 3;

    public static Network Build(string name, bool projections)
    {
        var builder = new NetworkBuilder(new(3, 32, 32));
        builder.Convolution(16, 3, bias: false).BatchNormalization().Relu();
        for (int stage = 0; stage < 3; stage++)
            for (int block = 0; block < BlocksInStage; block++)
            {
                int channels = 16 << stage, stride = stage > 0 && block == 0 ? 2 : 1, number = stage;
                builder.Residual(
                    body => body.Convolution(channels, 3, stride, bias: false).BatchNormalization().Relu()
                        .Convolution(channels, 3, bias: false).BatchNormalization(),
                    stride == 1 ? null : shortcut => Shorten(shortcut, channels, stride, number, projections)).Relu();
            }
        return builder.GlobalAveragePool().Output(10, prunable: false).Build(name);
    }

    private static void Shorten(NetworkBuilder shortcut, int channels, int stride, int number, bool projection)
    {
        if (!projection) shortcut.ZeroPad(channels, stride);
        else
            shortcut.Convolution(channels, 1, stride, bias: false, prunable: false, name: FormattableString.Invariant($"shortcut{number}"))
                .BatchNormalization(FormattableString.Invariant($"shortcut{number}_bn"));
    }
}

/// <summary>
/// VGG-19 for CIFAR-10 with batch normalization and one linear layer, which is not pruned (Frankle &amp; Carbin 2019,
/// Figure 2).
/// </summary>
internal static class PaperVgg
{
    public static Network Build(string name)
    {
        var builder = new NetworkBuilder(new(3, 32, 32));
        int stage = 0;
        foreach ((int channels, int convolutions) in ((int, int)[])[(64, 2), (128, 2), (256, 4), (512, 4), (512, 4)])
        {
            if (stage++ > 0) builder.MaxPool(2);
            for (int i = 0; i < convolutions; i++) builder.Convolution(channels, 3, bias: false).BatchNormalization().Relu();
        }
        return builder.AveragePool(2).Flatten().Output(10, prunable: false).Build(name);
    }
}
