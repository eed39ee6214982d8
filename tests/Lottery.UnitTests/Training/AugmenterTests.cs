using CsCheck;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Training;
using Lottery.UnitTests.Search;

namespace Lottery.UnitTests.Training;

public sealed class AugmenterTests
{
    private static readonly ImageShape s_shape = new(3, 6, 5);

    [Fact]
    public void A_moved_and_flipped_image_is_the_one_padded_with_zeros_and_cut() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[-4, 4], Gen.Int[-4, 4], Gen.Bool).Sample(
            (channels, height, width, down, right, flip) =>
            {
                var shape = new ImageShape(channels, height, width);
                byte[] source = [.. Enumerable.Range(1, shape.Features).Select(i => (byte)i)], target = [.. Enumerable.Repeat((byte)255, shape.Features)];
                Augmenter.Copy(source, target, shape, down, right, flip);
                for (int channel = 0; channel < channels; channel++)
                    for (int row = 0; row < height; row++)
                        for (int column = 0; column < width; column++)
                        {
                            int from = row + down, left = (flip ? width - 1 - column : column) + right;
                            bool inside = from >= 0 && from < height && left >= 0 && left < width;
                            byte expected = inside ? source[(channel * height + from) * width + left] : (byte)0;
                            Assert.Equal(expected, target[(channel * height + row) * width + column]);
                        }
            }, iter: 300);

    [Fact]
    public void What_becomes_of_a_image_depends_on_seed_epoch_and_image_alone()
    {
        SplitDataset data = Split(Augmentation.Crop | Augmentation.Flip);
        byte[][] all = Copies(data, seed: 7, epoch: 3, [.. Enumerable.Range(0, 40)]);
        byte[][] some = Copies(data, seed: 7, epoch: 3, [17, 4, 39], before: 2);
        Assert.Equal([all[17], all[4], all[39]], some);
        Assert.NotEqual(all, Copies(data, seed: 8, epoch: 3, [.. Enumerable.Range(0, 40)]));
        Assert.NotEqual(all, Copies(data, seed: 7, epoch: 4, [.. Enumerable.Range(0, 40)]));
    }

    [Fact]
    public void Only_what_is_asked_for_happens()
    {
        int[] every = [.. Enumerable.Range(0, 40)];
        byte[][] flipped = Copies(Split(Augmentation.Flip), 7, 0, every);
        byte[][] plain = [.. every.Select(i => Image(Split(Augmentation.None).Dataset.Train, i))];
        byte[][] mirrored = [.. plain.Select(Mirrored)];
        int turned = every.Count(i => flipped[i].SequenceEqual(mirrored[i]));
        Assert.InRange(turned, 10, 30);
        Assert.Equal(40 - turned, every.Count(i => flipped[i].SequenceEqual(plain[i])));
        byte[][] both = Copies(Split(Augmentation.Crop | Augmentation.Flip), 7, 0, every), moved = Copies(Split(Augmentation.Crop), 7, 0, every);
        Assert.All(every, i => Assert.Equal(flipped[i].SequenceEqual(plain[i]) ? moved[i] : Mirrored(moved[i]), both[i]));
    }

    /// <summary>Never to be changed: what a specification means would change with it.</summary>
    [Fact]
    public void The_draws_never_change()
    {
        Examples train = Ramp(5);
        SplitDataset data = Dataset.Create("ramp", 1, train, train).Split(0, 0, augment: Augmentation.Crop | Augmentation.Flip);
        byte[][] copies = Copies(data, seed: 1, epoch: 2, [0, 1, 2, 3, 4]);
        Assert.Equal("57> 73> 79> 70< 43<", string.Join(' ', copies.Select(copy => $"{copy[4 * 9 + 4]}{(copy[40] < copy[41] ? '>' : '<')}")));
    }

    [Fact]
    public void Every_move_occurs_and_none_is_rarer_than_chance_allows()
    {
        Examples train = Ramp(8_100);
        SplitDataset data = Dataset.Create("ramp", 1, train, train).Split(0, 0, augment: Augmentation.Crop);
        int[] counts = new int[81];
        foreach (byte[] copy in Copies(data, 3, 0, [.. Enumerable.Range(0, 8_100)])) counts[copy[40] - 1]++;
        Assert.All(counts, count => Assert.InRange(count, 60, 145));
    }

    [Fact]
    public void Labels_go_with_their_images()
    {
        SplitDataset data = Split(Augmentation.Flip);
        var augmenter = new Augmenter(data, 7, 3);
        Assert.Equal([0, 1, 2], augmenter.Fill(0, [30, 2, 11]).ToArray());
        Assert.Equal([.. new[] { 30, 2, 11 }.Select(i => data.Dataset.Train.Labels.Span[i])], augmenter.Examples.Labels.ToArray());
        Assert.Same(data.Dataset.Train.Scale, augmenter.Examples.Scale);
    }

    [Fact]
    public void A_training_sees_the_changed_images_and_an_evaluation_the_plain_ones()
    {
        RunResult plain = Dense(Split(Augmentation.None)), augmented = Dense(Split(Augmentation.Crop));
        Assert.Equal(plain.Evaluations[0].Loss, augmented.Evaluations[0].Loss);
        Assert.NotEqual(Fingerprint.Of(plain.Final), Fingerprint.Of(augmented.Final));
        Assert.NotEqual(plain.Evaluations[1].TrainingLoss, augmented.Evaluations[1].TrainingLoss);
        Assert.Equal(plain.BatchOrders, augmented.BatchOrders);
    }

    [Theory]
    [InlineData(Scaling.Unit, Augmentation.Crop | Augmentation.Flip, false)]
    [InlineData(Scaling.MeanStd, Augmentation.None, false)]
    [InlineData(Scaling.MeanStd, Augmentation.Crop | Augmentation.Flip, false)]
    [InlineData(Scaling.MeanStd, Augmentation.Crop | Augmentation.Flip, true)]
    public void Interrupted_or_not_the_bits_are_the_same(Scaling scale, Augmentation augment, bool convolutions)
    {
        SplitDataset data = convolutions ? Split(augment, scale, new(2, 6, 6)) : Split(augment, scale);
        RunResult whole = Train(data);
        var store = new MemoryRunStore();
        RunResult? pieces = null;
        for (int steps = 5; pieces is null; steps += 2)
        {
            try
            {
                pieces = Search(data, new InterruptedRuns(store, steps, null)).Run(1).Last().Ticket;
            }
            catch (IOException)
            {
                // Goes on from the last checkpoint.
            }
        }
        Assert.Equal(Fingerprint.Of(whole.Final), Fingerprint.Of(pieces.Final));
        Assert.Equal(whole.Evaluations, pieces.Evaluations);
    }

    [Fact]
    public void Standardized_images_are_learned_better_than_dim_ones()
    {
        RunResult unit = Dense(Split(Augmentation.None)), standardized = Dense(Split(Augmentation.None, Scaling.MeanStd));
        Assert.NotEqual(unit.Evaluations[0].Loss, standardized.Evaluations[0].Loss);
        Assert.True(standardized.Evaluations[^1].Loss < unit.Evaluations[^1].Loss);
    }

    private static RunResult Dense(SplitDataset data) => Search(data, new MemoryRunStore()).Run(1).First().Ticket;

    private static RunResult Train(SplitDataset data) => Search(data, new MemoryRunStore()).Run(1).Last().Ticket;

    private static TicketSearch Search(SplitDataset data, IRunStore runs) => new(data.Dataset.Train.Shape == s_shape ? NetworkCatalogue.Get("mlp:90-16-4") : SmallImages.Network, data)
    {
        Training = new() { Optimizer = Optimizer.Adam(1e-3), Batch = 20, Steps = 30, Evaluate = 10 },
        Pruning = new() { Levels = 1, Conv = 0.5m, Fc = 0.5m, Output = 0.5m },
        Runs = runs,
    };

    private static SplitDataset Split(Augmentation augment, Scaling scale = Scaling.Unit, ImageShape? other = null)
    {
        ImageShape shape = other ?? s_shape;
        Examples train = SmallData.Examples(240, shape.Features, 4, 1) with { Shape = shape };
        Examples test = SmallData.Examples(60, shape.Features, 4, 2) with { Shape = shape };
        return Dataset.Create("small", 4, train, test).Split(40, 3, scale, augment);
    }

    /// <summary>Images of 9×9 whose pixels are 1 … 81: that in the middle tells the move, its neighbour the side.</summary>
    private static Examples Ramp(int count) =>
        new(Enumerable.Range(0, count * 81).Select(i => (byte)(i % 81 + 1)).ToArray(), new byte[count], 81) { Shape = new(1, 9, 9) };

    private static byte[][] Copies(SplitDataset data, ulong seed, int epoch, int[] indices, int? before = null)
    {
        var augmenter = new Augmenter(data, seed, indices.Length);
        if (before is { } earlier) augmenter.Fill(earlier, [1]);
        return [.. augmenter.Fill(epoch, indices).ToArray().Select(i => Image(augmenter.Examples, i))];
    }

    private static byte[] Image(Examples examples, int index) =>
        examples.Pixels.Slice(index * examples.Features, examples.Features).ToArray();

    private static byte[] Mirrored(byte[] image) => [.. image.Chunk(s_shape.Width).SelectMany(row => row.Reverse())];
}
