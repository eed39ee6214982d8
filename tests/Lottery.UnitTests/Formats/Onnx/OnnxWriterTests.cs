using CsCheck;
using Lottery.Formats.Onnx;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.UnitTests.Plans;
using Microsoft.ML.OnnxRuntime;

namespace Lottery.UnitTests.Formats.Onnx;

/// <summary>ONNX Runtime predicts with an exported model what our engine does.</summary>
public sealed class OnnxWriterTests
{
    [Theory]
    [InlineData("lenet-300-100", 0.036)]
    [InlineData("conv-2", 0.1)]
    [InlineData("conv-4", 0.1)]
    [InlineData("conv-6", 1)]
    [InlineData("resnet-18", 0.2)]
    [InlineData("resnet-20", 1)]
    [InlineData("vgg-19", 0.05)]
    public void Networks_of_the_catalogue_score_the_same(string name, double density) =>
        AssertSame(new SparseNetwork(NetworkCatalogue.Get(name), density, 1));

    [Theory]
    [MemberData(nameof(ImageNetworkNames))]
    public void Every_layer_scores_the_same_in_every_place(string name) =>
        AssertSame(new SparseNetwork(ImageNetworks.All[name], 0.4, 2));

    public static TheoryData<string> ImageNetworkNames => [.. ImageNetworks.All.Keys];

    [Fact]
    public void Any_network_scores_the_same() => SomeNetwork.Gen.Sample((description, seed) =>
        AssertSame(new SparseNetwork(NetworkReader.Read(description, "some"), 0.5, seed)), iter: 60);

    [Fact]
    public void A_network_without_nodes_passes_its_input_on() =>
        AssertSame(new SparseNetwork(NetworkReader.Read("3 drop=dropout(0.5) glorot-normal", "nothing"), 1, 1));

    [Fact]
    public void The_model_says_what_it_is()
    {
        Network network = ImageNetworks.All["plain"];
        var scale = PixelScale.Standardized((100, 50), (90, 40));
        using var session = new InferenceSession(OnnxWriter.Write(InitialWeights.Sample(network, 1), scale, ["cat", "dög", "\"fish\""]));
        Assert.Equal([-1, 2, 6, 6], session.InputMetadata[OnnxWriter.Input].Dimensions);
        Assert.Equal([-1, 3], session.OutputMetadata[OnnxWriter.Output].Dimensions);
        Dictionary<string, string> said = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal(network.Description, said["lottery.network"]);
        Assert.Equal(["cat", "dög", "\"fish\""], System.Text.Json.JsonSerializer.Deserialize<string[]>(said["lottery.classes"])!);
        float[][] numbers = System.Text.Json.JsonSerializer.Deserialize<float[][]>(said["lottery.scale"])!;
        Assert.Equal(scale.Numbers.ToArray(), numbers.SelectMany(three => three));
    }

    [Fact]
    public void Equal_weights_are_equal_bytes() => Assert.Equal(
        OnnxWriter.Write(InitialWeights.Sample(ImageNetworks.All["residual"], 1)),
        OnnxWriter.Write(InitialWeights.Sample(ImageNetworks.All["residual"], 1)));

    [Fact]
    public void Another_weight_would_be_noticed()
    {
        var network = new SparseNetwork(ImageNetworks.All["plain"], 1, 1);
        float[] expected = network.Scores();
        network.Weights[0][0] += 0.01f;
        Assert.NotEqual(0, LargestDifference(expected, Run(network)), 1e-4);
    }

    private static void AssertSame(SparseNetwork network)
    {
        float[] expected = network.Scores();
        double scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.InRange(LargestDifference(expected, Run(network)) / scale, 0, 1e-5);
    }

    private static double LargestDifference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max();
    }

    /// <summary>The scores <c>[n, classes]</c> that ONNX Runtime finds.</summary>
    private static float[] Run(SparseNetwork network)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(OnnxWriter.Write(network.Weights), options);
        Shape input = network.Network.Input;
        long[] shape = input.IsFlat
            ? [SparseNetwork.Count, input.Channels]
            : [SparseNetwork.Count, input.Channels, input.Height, input.Width];
        using var value = OrtValue.CreateTensorValueFromMemory(network.Inputs, shape);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> scores = session.Run(run, [OnnxWriter.Input], [value], [OnnxWriter.Output]);
        return scores[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
