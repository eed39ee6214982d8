using Lottery.Networks;

namespace Lottery.UnitTests.Networks;

public class NetworkTests
{
    // Part of a run's identity: it never changes.
    [Fact]
    public void TheDescriptionNeverChanges() => Assert.Equal(
        "784 fc1=linear(300) relu fc2=linear(100) relu output=linear(10) glorot-normal", Network.Lenet300100.Description);

    [Fact]
    public void DistributionsHaveNames() => Assert.Equal(
        ["glorot-normal", "glorot-normal-plain", "glorot-uniform", "he-normal", "he-uniform", "lecun-normal"],
        InitialDistribution.All.Select(distribution => distribution.Name));

    [Fact]
    public void LayersAndDistributionMakeItTheNameDoesNot()
    {
        Layer fc1 = new Linear("fc1", 4, 3, LayerKind.Fc), output = new Linear("output", 3, 2, LayerKind.Output);
        var network = new Network("a", 4, [fc1, new Relu("relu1"), output]);
        Assert.Equal(network, new Network("b", 4, [fc1, new Relu("relu"), output]));
        Assert.NotEqual(network, new Network("a", 4, [fc1, output]));
        Assert.NotEqual(network, new Network("a", 4, [fc1 with { Name = "first" }, new Relu("relu1"), output]));
        Assert.NotEqual(network, new Network("a", 4, [fc1, new Relu("relu1"), output], InitialDistribution.HeNormal));
    }

    [Fact]
    public void LayersMustFit()
    {
        Linear fc1 = new("fc1", 4, 3, LayerKind.Fc), output = new("output", 3, 2, LayerKind.Output);
        Assert.Contains("output takes 5 values", Error(fc1, output with { Inputs = 5 }), StringComparison.Ordinal);
        Assert.Contains("called output", Error(fc1 with { Name = "output" }, output), StringComparison.Ordinal);
        Assert.Contains("'fc 1' is none", Error(fc1 with { Name = "fc 1" }, output), StringComparison.Ordinal);
        Assert.Contains("'' is none", Error(fc1 with { Name = "" }, output), StringComparison.Ordinal);
        Assert.Contains("fc1 is Output", Error(fc1 with { Kind = LayerKind.Output }, output), StringComparison.Ordinal);
        Assert.Contains("output is Fc", Error(fc1, output with { Kind = LayerKind.Fc }), StringComparison.Ordinal);
    }

    [Fact]
    public void TheSummaryOfLenetIsRight()
    {
        NetworkSummary summary = NetworkSummary.Of(Network.Lenet300100);
        Assert.Equal(["fc1 linear", "relu1 relu", "fc2 linear", "relu2 relu", "output linear"], summary.Layers.Select(l => $"{l.Name} {l.Type}"));
        Assert.Equal([235_200, 0, 30_000, 0, 1_000], summary.Layers.Select(l => l.Weights));
        Assert.Equal([300, 0, 100, 0, 10], summary.Layers.Select(l => l.Biases));
        Assert.Equal([LayerKind.Fc, null, LayerKind.Fc, null, LayerKind.Output], summary.Layers.Select(l => l.Kind));
        Assert.Equal([300, 784], summary.Layers[0].Shape.AsEnumerable());
        Assert.Equal(Math.Sqrt(2.0 / 1084), summary.Layers[0].StandardDeviation!.Value, 1e-15);
        Assert.Null(summary.Layers[1].StandardDeviation);
        Assert.Equal((266_200, 410, 266_200L), (summary.Weights, summary.Biases, summary.MultiplyAdds));
    }

    [Fact]
    public void EveryLayerOfASummaryHasAWordForItsType() => Assert.All(
        NetworkCatalogue.Names.SelectMany(name => NetworkSummary.Of(NetworkCatalogue.Get(name)).Layers),
        layer => Assert.Matches("^[a-z-]+$", layer.Type));

    private static string Error(params Layer[] layers) =>
        Assert.Throws<ArgumentException>(() => new Network("test", 4, [.. layers])).Message;
}
