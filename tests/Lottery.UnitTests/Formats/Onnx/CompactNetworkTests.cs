using CsCheck;
using Lottery.Formats.Onnx;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.UnitTests.Plans;

namespace Lottery.UnitTests.Formats.Onnx;

/// <summary>Models without dead units and channels, and with sparse initializers, score as the network does.</summary>
public sealed class CompactNetworkTests
{
    [Theory]
    [InlineData("lenet-300-100", 0.036, 1.4)]
    [InlineData("conv-4", 0.005, 2)]
    [InlineData("resnet-20", 0.02, 1)]
    public void Networks_of_the_catalogue_become_smaller(string name, double density, double times)
    {
        var network = new SparseNetwork(NetworkCatalogue.Get(name), density, 1);
        CompactNetwork compact = CompactNetwork.Of(network.Weights)!;
        Assert.InRange(Count(network.Weights), times * Count(compact.Small), double.PositiveInfinity);
        AssertSame(network.Weights);
    }

    [Theory]
    [MemberData(nameof(ImageNetworkNames))]
    public void Every_layer_scores_the_same_in_every_place(string name)
    {
        foreach (double density in (double[])[0.4, 0.1, 0.02]) AssertSame(new SparseNetwork(ImageNetworks.All[name], density, 2).Weights);
    }

    public static TheoryData<string> ImageNetworkNames => [.. ImageNetworks.All.Keys];

    [Fact]
    public void Any_network_scores_the_same() => SomeNetwork.Gen.Sample((description, seed) =>
        AssertSame(new SparseNetwork(NetworkReader.Read(description, "some"), 0.15, seed).Weights), iter: 60);

    [Fact]
    public void A_unit_with_nothing_but_a_bias_is_folded_into_the_next_layer()
    {
        // The second unit has a bias alone, the third a bias that the ReLU cuts off; both lead to scores.
        var weights = new Weights(NetworkCatalogue.Get("mlp:4-3-2"));
        float[][] values = [[1, -2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0], [0.25f, 1.5f, -2], [0.5f, 2, 7, -1, -3, 5], [0.125f, -1]];
        for (int p = 0; p < values.Length; p++) values[p].CopyTo(weights[p]);
        CompactNetwork compact = CompactNetwork.Of(weights)!;
        Assert.Equal([1f, -2, 3, 4, 0.25f, 0.5f, -1, 3.125f, -5.5f], Enumerable.Range(0, 4).SelectMany(p => compact.Small[p].ToArray()));
        AssertSame(weights);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void A_channel_with_nothing_but_a_bias_is_folded_unless_the_image_is_padded(int padding, int channels)
    {
        Network network = new NetworkBuilder(new Shape(1, 6, 6)).Convolution(2, 3).Relu().Convolution(2, 3, padding: padding).MaxPool(2).Flatten().Output(3).Build("some");
        Weights weights = InitialWeights.Sample(network, 3);
        weights[0][9..].Clear();
        (weights[1][0], weights[1][1]) = (0.5f, 0.75f);
        Assert.Equal(channels, CompactNetwork.Of(weights)?.Small.Network.Parameters[0].Shape[0] ?? 2);
        AssertSame(weights);
    }

    [Fact]
    public void A_network_without_dead_units_is_no_smaller() =>
        Assert.Null(CompactNetwork.Of(new SparseNetwork(NetworkCatalogue.Get("mlp:8-5-3"), 1, 1).Weights));

    [Fact]
    public void Weights_of_nothing_but_zeros_still_have_a_form()
    {
        AssertSame(new Weights(NetworkCatalogue.Get("mlp:8-5-3")));
        AssertSame(new Weights(ImageNetworks.All["depthwise"]));
    }

    [Fact]
    public void Sparse_initializers_are_smaller_and_taken_by_the_runtime()
    {
        Weights weights = new SparseNetwork(NetworkCatalogue.Get("lenet-300-100"), 0.036, 1).Weights;
        byte[] sparse = OnnxWriter.WriteSparse(weights, null, null), dense = OnnxWriter.Write(weights);
        Assert.InRange(sparse.Length, 0, dense.Length / 8);
        OnnxModel read = OnnxComparison.AssertSame(sparse);
        Assert.Equal(weights.Sha256, read.Weights.Sha256);
    }

    /// <summary>What leaves smaller is read again, and scores as the runtime and as the whole network do.</summary>
    private static void AssertSame(Weights weights)
    {
        CompactNetwork? compact = CompactNetwork.Of(weights);
        if (compact is null) return;
        foreach (bool isSparse in (bool[])[false, true])
        {
            byte[] model = OnnxWriter.Write(compact, weights, isSparse, null, null);
            OnnxComparison.AssertSame(model);
            Assert.InRange(OnnxComparison.LargestDifference(model, new(weights, [])), 0, 1e-5);
        }
    }

    private static long Count(Weights weights) => weights.Network.Parameters.Sum(parameter => (long)parameter.Count);
}
