using Lottery.Networks;
using Lottery.Networks.Descriptions;

namespace Lottery.UnitTests.Networks;

/// <summary>The networks of the papers have the papers' numbers of weights.</summary>
public static class CatalogueTests
{
    public static TheoryData<string, int> Prunable => new()
    {
        { "lenet-300-100", 266_200 }, { "conv-2", 4_300_992 }, { "conv-4", 2_425_024 }, { "conv-6", 2_261_184 },
        { "conv-2-dropout", 4_300_992 }, { "conv-4-dropout", 2_425_024 }, { "conv-6-dropout", 2_261_184 },
        { "resnet-20", 16 * 27 + 6 * 16 * 16 * 9 + (16 * 32 + 5 * 32 * 32 + 32 * 64 + 5 * 64 * 64) * 9 },
        { "resnet-18", 16 * 27 + 6 * 16 * 16 * 9 + (16 * 32 + 5 * 32 * 32 + 32 * 64 + 5 * 64 * 64) * 9 },
        { "vgg-19", 9 * (3 * 64 + 64 * 64 + 64 * 128 + 128 * 128 + 128 * 256 + 3 * 256 * 256 + 256 * 512 + 7 * 512 * 512) },
    };

    [Theory]
    [MemberData(nameof(Prunable))]
    public static void Has_the_papers_number_of_prunable_weights(string name, int weights) =>
        Assert.Equal(weights, NetworkCatalogue.Get(name).PrunableCount);

    [Theory]
    [MemberData(nameof(Prunable))]
    public static void Is_read_back_from_its_description(string name, int weights)
    {
        Network network = NetworkCatalogue.Get(name), read = NetworkReader.Read(network.Description, "other");
        Assert.Equal(network.Description, read.Description);
        Assert.Equal(network.Parameters.Select(p => p.Name), read.Parameters.Select(p => p.Name));
        Assert.Equal(weights, read.PrunableCount);
    }

    [Fact]
    public static void The_residual_network_has_twenty_layers_and_two_shortcuts()
    {
        Network resnet = NetworkCatalogue.Get("resnet-18");
        Assert.Equal(19 + 2, resnet.AllLayers.OfType<Convolution>().Count());
        Assert.Equal(["shortcut1.weight", "shortcut2.weight", "output.weight"],
            resnet.Parameters.Where(p => p is { Role: ParameterRole.Weight, Prunable: false }).Select(p => p.Name));
        Assert.Equal(2, NetworkCatalogue.Get("resnet-20").AllLayers.OfType<ZeroPad>().Count());
    }

    [Fact]
    public static void Multiply_adds_of_Conv_2_are_those_of_its_layers() =>
        Assert.Equal(
            1024L * 9 * (3 * 64 + 64 * 64) + 16 * 16 * 64 * 256 + 256 * 256 + 2560,
            NetworkSummary.Of(NetworkCatalogue.Get("conv-2")).MultiplyAdds);

    [Fact]
    public static void A_layer_that_does_not_fit_is_named()
    {
        var images = new Shape(3, 4, 4);
        Assert.Contains("fc1", Error(() => new NetworkBuilder(images).Linear(5)), StringComparison.Ordinal);
        Assert.Contains("conv1", Error(() => new NetworkBuilder(Shape.Flat(9)).Convolution(5, 3)), StringComparison.Ordinal);
        Assert.Contains("conv1", Error(() => new NetworkBuilder(images).Convolution(5, 7, padding: 0)), StringComparison.Ordinal);
        Assert.Contains("pool1", Error(() => new NetworkBuilder(images).MaxPool(5)), StringComparison.Ordinal);
        Assert.Contains("block1", Error(() => new NetworkBuilder(images).Residual(body => body.Convolution(4, 3))), StringComparison.Ordinal);
        Assert.Contains("one score a class", Error(() => new NetworkBuilder(images).Relu().Build("n")), StringComparison.Ordinal);
    }

    private static string Error(Func<object> build) => Assert.Throws<ArgumentException>(build).Message;
}
