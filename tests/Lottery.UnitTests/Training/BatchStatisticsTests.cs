using Lottery.Data;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.Training;

namespace Lottery.UnitTests.Training;

/// <summary>Statistics of batch normalizations that are estimated anew are the averages over batches; nothing else changes.</summary>
public sealed class BatchStatisticsTests
{
    private const string Description = "2x3x3 bn1=batch-norm relu conv1=conv(3,3,no-bias) bn2=batch-norm relu flatten output=linear(3) glorot-normal";

    private static readonly Examples s_train = SmallData.Examples(3 * BatchStatistics.Batch, 18, 3, 5);

    [Fact]
    public void They_are_the_average_of_the_batches()
    {
        Network network = NetworkReader.Read(Description, "some");
        Weights weights = InitialWeights.Sample(network, 1), estimated = BatchStatistics.Estimate(Mask.Full(network), weights, s_train, 3);
        // Every example is used once, whatever the order: the mean over the batches is that over all pixels of the channel.
        double[] means = new double[2];
        for (int i = 0; i < s_train.Pixels.Length; i++) means[i % 18 / 9] += PixelScale.Unit.Of(0, s_train.Pixels.Span[i]) / (s_train.Count * 9.0);
        for (int c = 0; c < 2; c++) Assert.Equal(means[c], estimated[2][c], 1e-6);
        double variance = Enumerable.Range(0, s_train.Pixels.Length).Where(i => i % 18 / 9 == 0).Average(i => Math.Pow(PixelScale.Unit.Of(0, s_train.Pixels.Span[i]) - means[0], 2));
        Assert.Equal(variance, estimated[3][0], 0.01);
        Assert.NotEqual(weights[7].ToArray(), estimated[7].ToArray());
        foreach ((int p, Parameter parameter) in network.Parameters.Index().Where(one => one.Item.Trained)) Assert.Equal(weights[p].ToArray(), estimated[p].ToArray());
    }

    [Fact]
    public void Dropout_is_off()
    {
        Network dropping = NetworkReader.Read(Description.Replace("relu conv1", "relu drop=dropout(0.5) conv1", StringComparison.Ordinal), "some");
        Weights plain = BatchStatistics.Estimate(Mask.Full(NetworkReader.Read(Description, "some")), InitialWeights.Sample(NetworkReader.Read(Description, "some"), 1), s_train, 2);
        Weights other = BatchStatistics.Estimate(Mask.Full(dropping), InitialWeights.Sample(dropping, 1), s_train, 2);
        for (int p = 0; p < dropping.Parameters.Length; p++) Assert.Equal(plain[p].ToArray(), other[p].ToArray());
    }

    [Fact]
    public void More_batches_than_there_are_examples_are_refused()
    {
        Network network = NetworkReader.Read(Description, "some");
        var refusal = Assert.Throws<UserException>(() => BatchStatistics.Estimate(Mask.Full(network), InitialWeights.Sample(network, 1), s_train, 4));
        Assert.Equal("4 batches of 64 are more than the 192 training examples; use at most 3.", refusal.Message);
    }
}
