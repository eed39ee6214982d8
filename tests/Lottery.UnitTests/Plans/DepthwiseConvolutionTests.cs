using Lottery.Formats.Networks;
using Lottery.Formats.Yaml;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.UnitTests.Kernels;
using Lottery.UnitTests.Training;

namespace Lottery.UnitTests.Plans;

/// <summary>A convolution of each channel by itself; its gradients, bits, predictions and ONNX are tested with all image networks.</summary>
public sealed class DepthwiseConvolutionTests
{
    private static readonly Network s_network = new NetworkBuilder(new(3, 8, 8)).Convolution(6, 1).Relu()
        .DepthwiseConvolution(3, padding: 0).Relu().Flatten().Output(4).Build("depthwise");

    [Fact]
    public void It_is_a_grouped_convolution_of_PyTorch()
    {
        var layer = new DepthwiseConvolution("conv2", 6, 3) { Stride = 2 };
        Assert.Equal([6, 1, 3, 3], layer.Parameters[0].Shape);
        Assert.Equal((9, 9, LayerKind.Conv, true), (layer.Parameters[0].FanIn, layer.Parameters[0].FanOut, layer.Parameters[0].Kind, layer.Parameters[0].Prunable));
        Assert.Equal([6], layer.Parameters[1].Shape);
        Assert.Equal(new Shape(6, 4, 4), layer.Output(new(6, 8, 8)));
        Assert.Equal(9 * 6 * 16, layer.MultiplyAdds(new(6, 8, 8)));
        Assert.Equal("conv2=depthwise-conv(3,stride=2)", layer.Description);
        Assert.Contains("6 channels", Assert.Throws<ArgumentException>(() => layer.Output(new(5, 8, 8))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_read_as_it_is_written()
    {
        const string Yaml = """
            network: small
            input: 3x8x8
            layers:
              - conv: 6
              - depthwise-conv
              - depthwise-conv: 5
              - depthwise-conv: { kernel: 3, stride: 2, padding: 0, bias: false, prune: false, name: last_conv }
              - flatten
              - output: 4
            """;
        Network network = NetworkFile.Of(YamlReader.ReadText("small.yaml", Yaml), "small");
        Assert.Equal(
            "3x8x8 conv1=conv(6,3) conv2=depthwise-conv(3) conv3=depthwise-conv(5) "
            + "last_conv=depthwise-conv(3,stride=2,padding=0,no-bias,unpruned) flatten output=linear(4) glorot-normal", network.Description);
        Assert.Equal(network, NetworkReader.Read(network.Description, "small"));
        Assert.Equal(network, NetworkFile.Of(YamlReader.ReadText("again.yaml", string.Join('\n', NetworkText.Lines(network))), "small"));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.4)]
    public void What_is_pruned_is_not_multiplied(double density)
    {
        foreach (string version in KernelRegistry.Available.Where(version => version != "reference"))
        {
            Mask mask = MaskOf(density);
            using var plan = new CompiledPlan(s_network, mask, CountingKernels.Get(version));
            plan.Load(InitialWeights.Sample(s_network, 1));
            DepthwiseConvolutionOperation layer = plan.Operations.OfType<DepthwiseConvolutionOperation>().Single();
            using TensorBuffers x = plan.Allocate(16), dx = plan.AllocateBackward(x);
            long kept = mask[s_network.IndexOf("conv2.weight")]!.Count(), forward = kept * 6 * 6 * 16;
            Assert.Equal(kept, layer.Table.Kept);
            Assert.Equal(forward, CountingKernels.Count(() => layer.Forward(plan.Evaluation(x), 0, 0)));
            var context = new BackwardContext { Forward = plan.Training(x, seed: 0, step: 1), Dx = dx, Sink = new GradientCapture(plan) };
            layer.BeginBackward(context);
            // The input's gradient visits every pixel of the input, the weights' gradient every pixel of the output.
            Assert.InRange(CountingKernels.Count(() => layer.Backward(context, 0, 0)), 2 * forward, forward + kept * 8 * 8 * 16);
        }
    }

    [Fact]
    public void A_channel_without_kept_weights_is_a_constant_and_needs_no_input()
    {
        Mask mask = MaskOf(1);
        BitSet kept = mask[s_network.IndexOf("conv2.weight")]!;
        for (int k = 9; k < 18; k++) kept[k] = false;
        using var plan = new CompiledPlan(s_network, mask, KernelRegistry.Kernels);
        DepthwiseConvolutionOperation layer = plan.Operations.OfType<DepthwiseConvolutionOperation>().Single();
        Assert.Equal([0, 1, 2, 3, 4, 5], layer.Output.Live);
        Assert.Equal(45, layer.Table.Kept);
    }

    private static Mask MaskOf(double density)
    {
        var random = new RandomStream(3, "test/depthwise");
        BitSet?[] bits = [.. s_network.Parameters.Select(parameter => parameter.Prunable ? new BitSet(parameter.Count) : null)];
        for (int p = 0; p < bits.Length; p++)
            for (int k = 0; bits[p] is { } kept && k < kept.Length; k++) kept[k] = density == 1 || p != 2 || random.Bernoulli(k, density);
        return new(s_network, [.. bits]);
    }
}
