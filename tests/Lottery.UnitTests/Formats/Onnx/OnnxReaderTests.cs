using CsCheck;
using Lottery.Formats.Onnx;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.UnitTests.Plans;

namespace Lottery.UnitTests.Formats.Onnx;

/// <summary>Models that were written here are read as what they were, and score as ONNX Runtime does without their description.</summary>
public sealed class OnnxReaderTests
{
    [Theory]
    [InlineData("lenet-300-100")]
    [InlineData("conv-2")]
    [InlineData("resnet-18")]
    [InlineData("resnet-20")]
    [InlineData("vgg-19")]
    public void Networks_of_the_catalogue_come_back(string name) => AssertComesBack(NetworkCatalogue.Get(name), 1);

    [Theory]
    [MemberData(nameof(ImageNetworkNames))]
    public void Every_layer_comes_back_in_every_place(string name)
    {
        AssertComesBack(ImageNetworks.All[name], 2);
        OnnxComparison.AssertSame(Anonymous(ImageNetworks.All[name], 2));
    }

    public static TheoryData<string> ImageNetworkNames => [.. ImageNetworks.All.Keys];

    [Fact]
    public void Any_network_comes_back_and_scores_the_same() => SomeNetwork.Gen.Sample((description, seed) =>
    {
        Network network = NetworkReader.Read(description, "some");
        AssertComesBack(network, seed);
        OnnxComparison.AssertSame(Anonymous(network, seed));
    }, iter: 60);

    [Fact]
    public void A_description_is_believed_only_if_it_writes_the_same_graph()
    {
        Network network = ImageNetworks.All["plain"], other = NetworkReader.Read(network.Description.Replace("max-pool(2)", "average-pool(2)", StringComparison.Ordinal), "other");
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxWriter.Write(InitialWeights.Sample(network, 1)));
        model.MetadataProps[0].Value = other.Description;
        Assert.Equal(network.Description, OnnxReader.Read(OnnxSample.Bytes(model), "some", "").Network.Description);
    }

    private static void AssertComesBack(Network network, ulong seed)
    {
        Weights weights = new SparseNetwork(network, 0.4, seed).Weights;
        OnnxModel read = OnnxReader.Read(OnnxWriter.Write(weights), "some", "");
        Assert.Equal(network.Description, read.Network.Description);
        Assert.Equal(weights.Sha256, read.Weights.Sha256);
    }

    /// <summary>A model that does not say which network it is.</summary>
    private static byte[] Anonymous(Network network, ulong seed)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxWriter.Write(new SparseNetwork(network, 0.4, seed).Weights));
        model.MetadataProps.Clear();
        return OnnxSample.Bytes(model);
    }
}
