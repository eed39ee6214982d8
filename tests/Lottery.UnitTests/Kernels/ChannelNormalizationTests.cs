using CsCheck;
using Lottery.Kernels;
using Lottery.Kernels.Normalization;

namespace Lottery.UnitTests.Kernels;

/// <summary>Batch normalization as a whole: PyTorch's numbers, and the gradient of a plain double loop by differences.</summary>
public sealed class ChannelNormalizationTests
{
    private const float Gain = 1.3f, Bias = 0.2f;

    private static readonly KernelSet s_kernels = KernelRegistry.Kernels;

    [Fact]
    public void Gradients_are_those_of_a_plain_loop() => Gen.Select(BatchShape.Gen, Gen.Bool, Gen.Bool).Sample(
        (batch, relu, masked) => WorstGradient(batch, relu, masked) < 2e-3, iter: 40);

    [Fact]
    public void A_gradient_without_the_batch_is_not_theirs()
    {
        var batch = new BatchShape(new(2, 3, 2, 1), 1, 1, 8);
        Assert.True(WorstGradient(batch, relu: true, masked: false) < 2e-3);
        Assert.True(WorstGradient(batch, relu: true, masked: false, dx => dx + 0.01) > 2e-3);
    }

    [Fact]
    public void Running_figures_move_as_in_PyTorch()
    {
        // torch.nn.BatchNorm2d(1) on [[1, 2], [4, 9]]: mean 4, variance 9.5, unbiased 12 2/3
        var shape = new NormalizationShape(new(1, 1, 2, 0), new(1, 1, 2, 0));
        var x = new float[32];
        (x[0], x[16], x[1], x[17]) = (1, 2, 4, 9);
        var y = new float[32];
        var channel = new ChannelNormalization
        {
            Scale = [1], Bias = [0], RunningMean = new float[1], RunningVariance = new float[] { 1 },
            Mean = new float[1], InverseStandardDeviation = new float[1],
        };
        Train(channel, shape, 0, [2], x, y, relu: false);
        Assert.Equal(0.4f, channel.RunningMean[0]);
        Assert.Equal(0.9f + 0.1f * 12.666667f, channel.RunningVariance[0], 1e-6f);
        float[] expected = [-3, -2, 0, 5];
        Assert.All(expected.Zip([y[0], y[16], y[1], y[17]]), pair => Assert.Equal(pair.First / Math.Sqrt(9.5 + 1e-5), pair.Second, 1e-6));
        Normalize(shape, 0, 1, x, y, channel.Evaluating(0, relu: true));
        Assert.Equal((9 - 0.4) / Math.Sqrt(0.9 + 1.2666667 + 1e-5), y[17], 1e-6);
    }

    [Fact]
    public void Evaluated_in_place_by_the_batch_own_figures_it_is_what_was_trained()
    {
        var batch = new BatchShape(new(3, 5, 4, 1), 1, 2, 12);
        float[] x = Batch(batch), y = new float[x.Length];
        var channel = Channel(batch);
        Train(channel, batch.Shape, batch.Channel, batch.ValidLanes, x, y, relu: true);
        Moments moments = default;
        s_kernels.Run(new BatchMoments
        {
            Shape = batch.Shape, Channel = batch.Channel, ValidLanes = batch.ValidLanes, X = x, Result = new(ref moments),
        });
        channel.RunningMean[batch.Channel] = moments.Mean;
        channel.RunningVariance[batch.Channel] = (float)moments.Variance;
        Normalize(batch.Shape, batch.Channel, batch.ValidLanes.Length, x, x, channel.Evaluating(batch.Channel, relu: true));
        Assert.All(batch.Indices(), index => Assert.Equal(y[index.Output], x[index.Input], 1e-5f));
    }

    /// <summary>The largest distance of a gradient from the difference quotient, over the valid values of x, γ and β.</summary>
    private static double WorstGradient(BatchShape batch, bool relu, bool masked, Func<double, double>? spoiled = null)
    {
        float[] x = Batch(batch), dy = new float[batch.ValidLanes.Length * batch.Shape.Output.Length];
        float[] y = new float[dy.Length], dx = new float[x.Length];
        var random = new Random(batch.Seed);
        double[] weights = [.. dy.Select(_ => random.NextDouble() - 0.5)];
        var channel = Channel(batch);
        Train(channel, batch.Shape, batch.Channel, batch.ValidLanes, x, y, relu);
        foreach ((_, int output, _) in batch.Indices()) dy[output] = !relu || y[output] > 0 ? (float)weights[output] : 0;
        (float gain, float bias, NormalizeBackward.Constants ofValues) =
            channel.MeasureGradient(s_kernels, batch.Shape, batch.Channel, batch.ValidLanes, x, dy, masked);
        s_kernels.Run(new NormalizeBackward
        {
            Shape = batch.Shape, Channel = batch.Channel, ValidLanes = batch.ValidLanes, X = x, Dy = dy, Dx = dx, Numbers = ofValues,
        });
        (int Input, int Output, bool Valid)[] valid = [.. batch.Indices().Where(index => index.Valid)];
        double[] exact = [.. x.Select(value => (double)value)];
        double worst = Math.Max(
            Math.Abs(gain - Slope(h => Loss(valid, exact, weights, relu, Gain + h, Bias))),
            Math.Abs(bias - Slope(h => Loss(valid, exact, weights, relu, Gain, Bias + h))));
        foreach ((int input, _, bool isValid) in batch.Indices())
        {
            double at = exact[input];
            double slope = isValid && !(masked && at <= 0) ? Slope(h =>
            {
                exact[input] = at + h;
                double loss = Loss(valid, exact, weights, relu, Gain, Bias);
                exact[input] = at;
                return loss;
            }) : 0;
            worst = Math.Max(worst, Math.Abs((spoiled?.Invoke(dx[input]) ?? dx[input]) - slope));
        }
        return worst;
    }

    private static void Train(
        in ChannelNormalization channel, in NormalizationShape shape, int number, int[] validLanes, float[] x, float[] y, bool relu)
    {
        channel.Measure(s_kernels, shape, number, validLanes, x);
        Normalize(shape, number, validLanes.Length, x, y, channel.Training(number, relu));
    }

    private static void Normalize(
        in NormalizationShape shape, int number, int laneGroups, float[] x, float[] y, NormalizeForward.Constants constants) =>
        s_kernels.Run(new NormalizeForward { Shape = shape, Channel = number, LaneGroups = laneGroups, X = x, Y = y, Numbers = constants });

    private static double Slope(Func<double, double> loss) => (loss(1e-6) - loss(-1e-6)) / 2e-6;

    /// <summary>Σ weight × y over the images, in plain double loops.</summary>
    private static double Loss((int Input, int Output, bool Valid)[] valid, double[] x, double[] weights, bool relu, double gain, double bias)
    {
        double mean = 0, variance = 0, sum = 0;
        foreach ((int input, _, _) in valid) mean += x[input] / valid.Length;
        foreach ((int input, _, _) in valid) variance += (x[input] - mean) * (x[input] - mean) / valid.Length;
        double scale = gain / Math.Sqrt(variance + 1e-5);
        foreach ((int input, int output, _) in valid)
        {
            double y = scale * (x[input] - mean) + bias;
            sum += weights[output] * (relu ? Math.Max(0, y) : y);
        }
        return sum;
    }

    /// <summary>Values of one size in every image, so that difference quotients mean something.</summary>
    private static float[] Batch(BatchShape batch)
    {
        var random = new Random(batch.Seed + 1);
        return [.. Enumerable.Range(0, batch.ValidLanes.Length * batch.Input.Length).Select(_ => (float)(4 * random.NextDouble() - 1.5))];
    }

    private static ChannelNormalization Channel(BatchShape batch) => new()
    {
        Scale = Enumerable.Repeat(Gain, batch.Input.Channels).ToArray(), Bias = Enumerable.Repeat(Bias, batch.Input.Channels).ToArray(),
        RunningMean = new float[batch.Input.Channels], RunningVariance = new float[batch.Input.Channels],
        Mean = new float[batch.Input.Channels], InverseStandardDeviation = new float[batch.Input.Channels],
    };
}
