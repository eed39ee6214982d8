using Lottery.Data;
using Lottery.Data.Formats;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Tickets;
using Lottery.Tickets;

namespace Lottery.UnitTests.Data;

public sealed class FeatureExamplesTests
{
    [Fact]
    public void Features_are_standardized_by_the_examples_that_are_trained_on()
    {
        SplitDataset split = Table().Split(20, 5);
        Assert.Equal(Scaling.MeanStd, split.Specification.Scale);
        Examples train = split.Dataset.Train;
        for (int feature = 0; feature < train.Features; feature++)
        {
            double[] values = [.. split.Training.ToArray().Select(index => (double)train.Values.Span[index * train.Features + feature])];
            double mean = values.Average(), deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            var inputs = new float[train.Features];
            for (int index = 0; index < train.Count; index++)
            {
                train.Standardize(index, inputs);
                double expected = (train.Values.Span[index * train.Features + feature] - mean) / (deviation > 0 ? deviation : 1);
                Assert.Equal(expected, inputs[feature], 2e-5 * Math.Max(1, Math.Abs(mean / (deviation > 0 ? deviation : 1))));
            }
        }
        Assert.Equal(split.Dataset.Train.Scale.Numbers, split.Dataset.Test.Scale.Numbers);
    }

    [Fact]
    public void A_feature_that_never_varies_becomes_zero_and_changes_nothing_else()
    {
        SplitDataset split = Table().Split(20, 5);
        var inputs = new float[4];
        split.Dataset.Train.Standardize(3, inputs);
        Assert.Equal(0, inputs[3]);
        Assert.All(split.Dataset.Train.Scale.Numbers.ToArray(), number => Assert.True(float.IsFinite(number)));
    }

    [Fact]
    public void A_ticket_of_features_predicts_what_training_measured()
    {
        Dataset data = Table();
        var definition = new SearchDefinition
        {
            Network = NetworkCatalogue.Get("mlp:4-8-3"), Data = new() { Validation = 20 }, Training = new() { Steps = 900, Batch = 20, Evaluate = 300 },
            Pruning = new() { Levels = 1 }, Seed = 7,
        };
        SplitDataset split = definition.Split(data, 7);
        IRunSearch search = definition.CreateSearch(split, new MemoryRunStore());
        foreach (RunResult run in search.Plan(7).Select(run => search.Complete(run)))
        {
            Ticket ticket = TicketPacking.Of(run, new() { Kind = TicketKind.Trained }) with { Scale = split.Dataset.Test.Scale };
            MeasuredAccuracy measured = TicketTest.Of(Ticket.Read(ticket.Write()), data, threads: 2);
            Assert.Equal(run.Metrics.Accuracy, measured.Correct / (double)measured.Of, 12);
            Assert.True(run.Metrics.Accuracy > 0.6, $"{run.Metrics.Accuracy}");
        }
    }

    [Fact]
    public void The_content_hash_knows_the_kind_the_values_and_the_validation_set()
    {
        Examples features = Table().Train, other = Examples.FromFeatures(features.Values.ToArray().Select((value, i) => i == 5 ? value + 1 : value).ToArray(), features.Labels, 4);
        string[] hashes =
        [
            Dataset.Create("a", 3, features, features).Sha256, Dataset.Create("a", 3, other, features).Sha256, Dataset.Create("a", 3, features, other).Sha256,
            Joined(features, features, features).Sha256, Dataset.Create("a", 3, features.Followed(features), features).Sha256,
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void A_validation_set_of_its_own_is_used_and_never_trained_on()
    {
        Dataset data = Joined(Table().Train, SmallPart(30), SmallPart(40));
        SplitDataset split = data.Split(0, 9);
        Assert.Equal((30, 30), (data.OwnValidation, split.Specification.Validation));
        Assert.Equal(Enumerable.Range(data.Train.Count - 30, 30), split.Validation.ToArray());
        Assert.Equal(Enumerable.Range(0, data.Train.Count - 30), split.Training.ToArray());
        Assert.Equal("set has a validation set of its own of 30, so 5 cannot be held back; leave the number out.",
            Assert.Throws<UserException>(() => data.Split(5, 9)).Message);
    }

    [Fact]
    public void Features_that_are_not_numbers_or_not_augmentable_are_told()
    {
        Assert.Throws<ArgumentException>(() => Examples.FromFeatures(new[] { 1f, float.NaN }, new byte[1], 2));
        Assert.Throws<ArgumentException>(() => Examples.FromFeatures(new[] { 1f, 2f, 3f }, new byte[1], 2));
        Assert.Equal("table has numeric features, and crop and flip change images; leave augmentation out.",
            Assert.Throws<UserException>(() => Table().Split(5, 1, augment: Augmentation.Crop | Augmentation.Flip)).Message);
    }

    /// <summary>Three classes that a line separates well; features of very different sizes, the last constant.</summary>
    private static Dataset Table() => Dataset.Create("table", 3, SmallPart(200), SmallPart(90, 1));

    private static Dataset Joined(Examples train, Examples validation, Examples test)
    {
        var parts = new SetParts("set", what => new(what));
        return parts.Join(Part(train), Part(validation), Part(test));

        LabelledPart Part(Examples examples) => parts.Part("x", new(default, examples.Values, examples.Shape), "y", new(examples.Labels.ToArray()));
    }

    private static Examples SmallPart(int count, ulong seed = 0)
    {
        var random = new RandomStream(seed, "test/features");
        var (values, labels) = (new float[4 * count], new byte[count]);
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % 3);
            values[4 * i] = 2000 + 3 * labels[i] + random.Below(2 * i, 4);
            values[4 * i + 1] = 1e-3f * (labels[i] - random.Below(2 * i + 1, 3));
            values[4 * i + 2] = -1e6f * random.Below(3 * i, 7);
            values[4 * i + 3] = 0.1f;
        }
        return Examples.FromFeatures(values, labels, 4);
    }
}
