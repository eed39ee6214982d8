using Lottery.Networks;

namespace Lottery.UnitTests.Networks;

public class InitialWeightsTests
{
    // None of these may ever change: a ticket is a mask and a seed.
    [Theory]
    [InlineData(0,
        "b0a5fd3169874baafe670822fd0d2d0392f8c47a20f673cde130837ec82b8d1b",
        "738581fd88df9ec4bfa855127a23a572478be4ce7bf383bdf89908ddc6839588",
        "da9c87b2948ec130958626f85dd200c8bc067a17b3dfe0896c39c696bbf63d94")]
    [InlineData(1,
        "bb01c9f025cb59ac042cc7827ae25d60dfdd1f6d07db025de3cbafc32d1660b8",
        "afe524e2a1094e3fdd633da122a9fbe83120595a6462b1a316fcac9c7e72fdf2",
        "b470879c7436ceac412fdcba1d223b76c8e334105408422c1aface55b98b3e04")]
    public void LenetsNeverChange(ulong seed, string fc1, string fc2, string output) =>
        Assert.Equal(
            [$"fc1.weight {fc1}", $"fc2.weight {fc2}", $"output.weight {output}"],
            WeightHashes.Of(InitialWeights.Sample(Network.Lenet300100, seed)));

    [Theory]
    [InlineData("glorot-normal-plain", "0edfee9a")]
    [InlineData("glorot-uniform", "76fcca01")]
    [InlineData("he-normal", "8423deb4")]
    [InlineData("he-uniform", "48a2dfa8")]
    [InlineData("lecun-normal", "b550a675")]
    [InlineData("normal(0.05)", "0edfee9a")]
    public void TheOtherDistributionsNeverChange(string distribution, string start) =>
        Assert.Equal($"output.weight {start}", WeightHashes.Of(InitialWeights.Sample(Small(InitialDistribution.Get(distribution)), 0))[0][..("output.weight ".Length + 8)]);

    [Fact]
    public void BiasesAreZero()
    {
        Weights weights = InitialWeights.Sample(Network.Lenet300100, 3);
        for (int i = 1; i < 6; i += 2) Assert.True(weights[i].IndexOfAnyExcept(0.0f) < 0);
    }

    [Theory]
    [InlineData("glorot-normal", 0.0025, 2.28)]
    [InlineData("glorot-normal-plain", 0.0025, 6)]
    [InlineData("glorot-uniform", 0.0025, 1.7321)]
    [InlineData("he-normal", 0.004, 6)]
    [InlineData("he-uniform", 0.004, 1.7321)]
    [InlineData("lecun-normal", 0.002, 6)]
    [InlineData("normal(0.3)", 0.09, 6)]
    public void MomentsAreThoseOfTheDistribution(string name, double variance, double furthest)
    {
        var distribution = InitialDistribution.Get(name);
        Network network = Small(distribution);
        double[] values = [.. InitialWeights.Sample(network, 5)[0].ToArray().Select(value => (double)value)];
        double deviation = Math.Sqrt(variance);
        Assert.Equal(deviation, distribution.StandardDeviation(network.Parameters[0]), 1e-15);
        Assert.InRange(values.Average(), -0.02 * deviation, 0.02 * deviation); // 150,000 values: 7.7 standard errors
        Assert.InRange(values.Average(value => value * value), 0.98 * variance, 1.02 * variance);
        Assert.InRange(values.Max(Math.Abs), 0.99 * Math.Min(furthest, 3.5) * deviation, furthest * deviation);
    }

    [Theory]
    [InlineData("normal(5e-2)", "normal(0.05)")]
    [InlineData("normal(.00001)", "normal(1E-05)")]
    public void ANumberHasOneSpelling(string text, string name) => Assert.Equal(InitialDistribution.Get(name), InitialDistribution.Get(text));

    [Theory]
    [InlineData("normal", "The initial distribution normal takes its standard deviation, a number above 0, as in normal(0.05), and 'normal' has none.")]
    [InlineData("normal(0)", "The initial distribution normal takes its standard deviation, a number above 0, as in normal(0.05), and 'normal(0)' has none.")]
    [InlineData("he-norml", "There is no initial distribution called 'he-norml'; did you mean 'he-normal'?")]
    public void WrongNamesAreRefused(string text, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<UserException>(() => InitialDistribution.Get(text)).Message);

    [Fact]
    public void ANetworkKeepsItsLayersWithAnotherDistribution()
    {
        Network network = Network.Lenet300100.With(InitialDistribution.Normal(0.1));
        Assert.EndsWith(" output=linear(10) normal(0.1)", network.Description, StringComparison.Ordinal);
        Assert.Equal("lenet-300-100", network.Name);
        Assert.Equal(network, Lottery.Networks.Descriptions.NetworkReader.Read(network.Description, "any"));
        Assert.NotEqual(Network.Lenet300100, network);
    }

    [Fact]
    public void EveryPurposeSeedAndLayerHasItsOwn()
    {
        Weights initial = InitialWeights.Sample(Network.Lenet300100, 1);
        Weights[] others =
        [
            InitialWeights.Sample(Network.Lenet300100, 2),
            InitialWeights.Resample(Network.Lenet300100, 1, "reinit/level-1"),
            InitialWeights.Resample(Network.Lenet300100, 1, "reinit/level-2"),
        ];
        Weights[] all = [initial, .. others];
        Assert.Equal(12, all.SelectMany(WeightHashes.Of).Distinct().Count());
        Assert.Equal(WeightHashes.Of(initial), WeightHashes.Of(InitialWeights.Resample(Network.Lenet300100, 1, "initial")));
    }

    private static Network Small(InitialDistribution distribution) =>
        new("small", 500, [new Linear("output", 500, 300, LayerKind.Output)], distribution);
}
