using CsCheck;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.UnitTests.Data;

public sealed class ChannelMomentsTests
{
    [Fact]
    public void The_moments_are_those_of_plain_sums_over_the_examples_named() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 5], Gen.Int[1, 20], Gen.Int[0, 1000]).Sample((channels, height, width, count, seed) =>
        {
            var random = new Random(seed);
            var shape = new ImageShape(channels, height, width);
            var pixels = new byte[count * shape.Features];
            random.NextBytes(pixels);
            var examples = new Examples(pixels, new byte[count], shape.Features) { Shape = shape };
            int[] indices = [.. Enumerable.Range(0, count).Where(_ => random.Next(2) == 0).DefaultIfEmpty(count - 1)];
            (double Mean, double StandardDeviation)[] moments = ChannelMoments.Of(examples, indices);
            Assert.Equal(channels, moments.Length);
            for (int channel = 0; channel < channels; channel++)
            {
                decimal[] values =
                [
                    .. from index in indices
                       from pixel in Enumerable.Range(channel * height * width, height * width)
                       select (decimal)pixels[index * shape.Features + pixel],
                ];
                decimal mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean));
                Assert.Equal((double)mean, moments[channel].Mean, 1e-12);
                Assert.Equal(Math.Sqrt((double)variance), moments[channel].StandardDeviation, 1e-10);
            }
        }, iter: 100);

    [Fact]
    public void A_split_is_scaled_by_what_it_trains_on_and_by_nothing_else()
    {
        CifarLike(out Dataset data);
        SplitDataset split = data.Split(20, seed: 5, Scaling.MeanStd);
        Assert.Equal(Scaling.MeanStd, split.Specification.Scale);
        ReadOnlySpan<float> numbers = PixelScale.Standardized(ChannelMoments.Of(data.Train, split.Training.Span)).Numbers;
        Assert.True(numbers.SequenceEqual(split.Dataset.Train.Scale.Numbers));
        Assert.True(numbers.SequenceEqual(split.Dataset.Test.Scale.Numbers));
        Assert.False(numbers.SequenceEqual(data.Split(20, seed: 6, Scaling.MeanStd).Dataset.Train.Scale.Numbers));
        Assert.Same(PixelScale.Unit, data.Split(20, seed: 5).Dataset.Train.Scale);
        Assert.Same(PixelScale.Unit, data.Train.Scale);
        for (int channel = 0; channel < 3; channel++)
        {
            double sum = 0, squares = 0;
            foreach (int index in split.Training.Span)
                for (int pixel = 0; pixel < 6; pixel++)
                {
                    double value = split.Dataset.Train.Scale.Of(channel, data.Train.Pixels.Span[index * 18 + channel * 6 + pixel]);
                    (sum, squares) = (sum + value, squares + value * value);
                }
            Assert.Equal(0, sum / (6 * split.Training.Length), 1e-5);
            Assert.Equal(1, squares / (6 * split.Training.Length), 1e-5);
        }
    }

    private static void CifarLike(out Dataset data)
    {
        Examples train = SmallData.Examples(60, 18, 3, 1) with { Shape = new(3, 2, 3) };
        Examples test = SmallData.Examples(30, 18, 3, 2) with { Shape = new(3, 2, 3) };
        data = Dataset.Create("small", 3, train, test);
    }
}
