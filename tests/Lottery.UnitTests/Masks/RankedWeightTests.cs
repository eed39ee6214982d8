using CsCheck;
using Lottery.Numerics;

namespace Lottery.UnitTests.Masks;

public class RankedWeightTests
{
    [Fact]
    public void TheOrderIsScoreThenTieBreakThenPosition()
    {
        RankedWeight[] ordered = [new(-1, 9, 9, 9), new(-0.0, 0, 9, 9), new(0.0, 1, 0, 9), new(0, 1, 1, 0), new(0, 1, 1, 1), new(double.PositiveInfinity, 0, 0, 0)];
        for (int i = 0; i < ordered.Length; i++)
            for (int j = 0; j < ordered.Length; j++) Assert.Equal(i < j, RankedWeight.Before(ordered[i], ordered[j]));
    }

    [Fact]
    public void TheFirstMoveToTheFront() =>
        Gen.Select(Gen.Int[0, 5].Array[1, 60], Gen.Int[0, 60], Gen.ULong[0, 2]).Where(c => c.Item2 <= c.Item1.Length).Sample((scores, count, seed) =>
            AssertMoved([.. scores.Select((score, i) => new RankedWeight(score, (ulong)i * seed % 5, i / 7, i))], count));

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(2999)]
    public void TheWorstArrangementIsNoException(int count)
    {
        // Made so that every pivot is the first of those left, and each round settles a single weight.
        int[] order = [.. Enumerable.Range(0, 3000)];
        var weights = new RankedWeight[3000];
        for (int low = 0; low < 3000; low++)
        {
            int middle = (low + 2999) / 2;
            weights[order[middle]] = new(low, 0, 0, order[middle]);
            (order[low], order[middle]) = (order[middle], order[low]);
        }
        AssertMoved(weights, count);
    }

    private static void AssertMoved(RankedWeight[] weights, int count)
    {
        RankedWeight[] expected = [.. weights.OrderBy(w => w.Score).ThenBy(w => w.TieBreak).ThenBy(w => w.Parameter).ThenBy(w => w.Index)];
        RankedWeight.MoveFirst(weights, count);
        Assert.Equal(expected[..count].Order(ByIndex), weights[..count].Order(ByIndex));
        Assert.Equal(expected[count..].Order(ByIndex), weights[count..].Order(ByIndex));
        if (count > 0) Assert.Equal(expected[count - 1], weights[count - 1]);
    }

    private static readonly IComparer<RankedWeight> ByIndex = Comparer<RankedWeight>.Create((a, b) => a.Index.CompareTo(b.Index));
}
