using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Lottery.Numerics;

namespace Lottery.UnitTests.Numerics;

public class RandomStreamTests
{
    private static readonly Gen<RandomStream> Streams =
        Gen.Select(Gen.ULong, Gen.String).Select((seed, name) => new RandomStream(seed, name));

    private static readonly RandomStream Fixed = new(1, "test");

    // Found by a few lines of Python from the definition; they may never change.
    [Theory]
    [InlineData(0, "", 0, 0x9428be3a7864b652)]
    [InlineData(1, "epoch/0", 1, 0xac116e61d52111a5)]
    [InlineData(ulong.MaxValue, "initial/fc1.weight", (1L << 40) + 7, 0x6f6055ad59a98edb)]
    public void BitsNeverChange(ulong seed, string name, long index, ulong bits) =>
        Assert.Equal(bits, new RandomStream(seed, name).Bits(index));

    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    [InlineData(160)]
    [InlineData(2000)]
    public void NamesOfAnyLengthAreKeys(int length)
    {
        string name = string.Concat(Enumerable.Repeat("é", length));
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"lottery/1/{ulong.MaxValue}/{name}"));
        Philox.Block block = Philox.At(new(5, 0, 0, 0), BitConverter.ToUInt32(hash, 0), BitConverter.ToUInt32(hash, 4));
        Assert.Equal(((ulong)block.X0 << 32) | block.X1, new RandomStream(ulong.MaxValue, name).Bits(5));
    }

    [Fact]
    public void UniformLiesStrictlyBetweenZeroAndOne() =>
        Gen.Select(Streams, Gen.Long[0, long.MaxValue]).Sample((stream, index) => stream.Uniform(index) is > 0.0 and < 1.0);

    [Fact]
    public void UniformIsTheUpperBitsAndAHalf() =>
        Gen.Select(Streams, Gen.Long[0, long.MaxValue]).Sample((stream, index) =>
            stream.Uniform(index) * Math.Pow(2, 53) == (stream.Bits(index) >> 12) * 2.0 + 1.0);

    [Fact]
    public void BernoulliKnowsNeverAndAlways() =>
        Gen.Select(Streams, Gen.Long[0, long.MaxValue]).Sample((stream, index) =>
            !stream.Bernoulli(index, 0.0) && stream.Bernoulli(index, 1.0));

    [Fact]
    public void BernoulliHitsAsOftenAsItShould() =>
        Assert.InRange(Enumerable.Range(0, 100_000).Count(i => Fixed.Bernoulli(i, 0.3)), 29_300, 30_700); // 5 deviations

    [Fact]
    public void BelowStaysBelowAndReachesAll()
    {
        Gen.Select(Streams, Gen.Int[0, int.MaxValue], Gen.Int[1, int.MaxValue]).Sample((stream, index, bound) =>
            stream.Below(index, bound) is var value && value >= 0 && value < bound);
        int[] counts = [.. Enumerable.Range(0, 70_000).Select(i => Fixed.Below(i, 7)).GroupBy(v => v).OrderBy(g => g.Key).Select(g => g.Count())];
        Assert.Equal(7, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fixed.Below(0, 0));
    }

    [Fact]
    public void APermutationHoldsEveryNumberOnce() =>
        Gen.Select(Streams, Gen.Int[0, 500]).Sample((stream, count) =>
            stream.Permutation(count).Order().SequenceEqual(Enumerable.Range(0, count)));

    [Fact]
    public void EveryPermutationIsEquallyLikely()
    {
        var counts = Enumerable.Range(0, 24_000)
            .GroupBy(seed => string.Concat(new RandomStream((ulong)seed, "permutation").Permutation(4)))
            .Select(group => group.Count()).ToList();
        Assert.Equal(24, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, 840, 1_160)); // 5 deviations
    }

    [Fact]
    public void NormalHasTheMomentsOfTheNormalDistribution()
    {
        double[] z = [.. Enumerable.Range(0, 200_000).Select(i => Fixed.Normal(i))];
        AssertMoments(z, 1.0, 3.0);
        Assert.InRange(z.Max(), 4.0, 6.0);
    }

    [Fact]
    public void TruncatedNormalStopsAtTwoDeviations()
    {
        double[] z = [.. Enumerable.Range(0, 200_000).Select(i => Fixed.TruncatedNormal(i))];
        double variance = NormalDistribution.TruncatedStandardDeviation * NormalDistribution.TruncatedStandardDeviation;
        AssertMoments(z, variance, 1.4162); // 3 × variance − 16 φ(2) ÷ (1 − 2 Φ(−2)), by parts
        Assert.InRange(z.Max(), 1.99, 2.0);
        Assert.InRange(z.Min(), -2.0, -1.99);
    }

    [Fact]
    public void SeedNameAndIndexEachMatter() =>
        Assert.Equal(5, new[]
        {
            Fixed.Bits(0), Fixed.Bits(1), Fixed.Bits(1L << 32), new RandomStream(2, "test").Bits(0), new RandomStream(1, "tests").Bits(0),
        }.Distinct().Count());

    private static void AssertMoments(double[] z, double variance, double fourth)
    {
        Assert.InRange(z.Average(), -0.012, 0.012);
        Assert.InRange(z.Average(x => x * x), 0.98 * variance, 1.02 * variance);
        Assert.InRange(z.Average(x => x * x * x), -0.05, 0.05);
        Assert.InRange(z.Average(x => x * x * x * x), 0.96 * fourth, 1.04 * fourth);
    }
}
