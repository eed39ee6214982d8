using CsCheck;
using Lottery.Data;

namespace Lottery.UnitTests.Data;

public sealed class SplitDatasetTests
{
    [Fact]
    public void TheTwoPartsAreDisjointWholeAscendingAndRepeatable() =>
        Gen.Int[1, 300].SelectMany(count => Gen.Select(Gen.Const(count), Gen.Int[0, count - 1], Gen.ULong))
            .Sample((count, validation, seed) =>
            {
                SplitDataset split = Data(count).Split(validation, seed);
                int[] training = split.Training.ToArray(), held = split.Validation.ToArray();
                Assert.Equal(validation, held.Length);
                Assert.Equal(Enumerable.Range(0, count), training.Concat(held).Order());
                Assert.Equal(training.Order(), training);
                Assert.Equal(held.Order(), held);
                Assert.Equal(held, Data(count).Split(validation, seed).Validation.ToArray());
                Assert.Equal((validation, seed), (split.Specification.Validation, split.Specification.SplitSeed));
            }, iter: 200);

    [Fact]
    public void EveryExampleIsEquallyLikelyToBeHeldBack()
    {
        const int Seeds = 4000;
        Dataset data = Data(20);
        var held = new int[20];
        for (ulong seed = 0; seed < Seeds; seed++)
            foreach (int index in data.Split(5, seed).Validation.Span) held[index]++;
        // 1,000 expected, standard deviation 27.
        Assert.All(held, count => Assert.InRange(count, 870, 1130));
    }

    [Fact]
    public void ASplitAndAnOrderNeverChange()
    {
        SplitDataset split = Data(12).Split(4, seed: 7);
        Assert.Equal([2, 6, 7, 9], split.Validation.ToArray());
        Assert.Equal([11, 4, 8, 1, 5, 3, 10, 0], split.EpochOrder(seed: 7, epoch: 0));
        Assert.Equal([0, 1, 8, 10, 11, 5, 3, 4], split.EpochOrder(seed: 7, epoch: 1));
    }

    [Fact]
    public void AnEpochsOrderIsAPermutationOfItsOwn() => Gen.Select(Gen.ULong, Gen.Int[0, 100]).Sample((seed, epoch) =>
    {
        SplitDataset split = Data(60).Split(20, seed: 3);
        int[] order = split.EpochOrder(seed, epoch);
        Assert.Equal(split.Training.ToArray(), order.Order());
        Assert.Equal(order, split.EpochOrder(seed, epoch));
        Assert.NotEqual(order, split.EpochOrder(seed, epoch + 1));
        Assert.NotEqual(order, split.EpochOrder(seed + 1, epoch));
    }, iter: 100);

    [Fact]
    public void AnOrderIsWrittenWithoutAllocating()
    {
        SplitDataset split = Data(100).Split(20, seed: 3);
        var order = new int[80];
        split.EpochOrder(seed: 1, epoch: 0, order);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int epoch = 0; epoch < 50; epoch++) split.EpochOrder(ulong.MaxValue, epoch, order);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(split.EpochOrder(ulong.MaxValue, 49), order);
    }

    [Theory]
    [InlineData(-1, "-1")]
    [InlineData(10, "10")]
    [InlineData(70_000, "70,000")]
    public void AValidationSetThatLeavesNothingToTrainOnIsAnError(int validation, string written)
    {
        var error = Assert.Throws<UserException>(() => Data(10).Split(validation, seed: 0));
        Assert.Equal($"A validation set of {written} cannot be taken from the 10 training examples of toy; hold back 0 to 9.",
            error.Message);
    }

    private static Dataset Data(int count)
    {
        var examples = new Examples(new byte[count], new byte[count], 1);
        return new("toy", "", 1, examples, examples);
    }
}
