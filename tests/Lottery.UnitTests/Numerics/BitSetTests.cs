using CsCheck;
using Lottery.Numerics;

namespace Lottery.UnitTests.Numerics;

public class BitSetTests
{
    private static readonly Gen<bool[]> Bits = Gen.Bool.Array[0, 300];

    [Fact]
    public void HoldsWhatWasSet() =>
        Bits.Sample(bits =>
        {
            BitSet set = Of(bits);
            Assert.Equal(bits.Length, set.Length);
            Assert.Equal(bits, Enumerable.Range(0, bits.Length).Select(i => set[i]));
            Assert.Equal(bits.Count(bit => bit), set.Count());
        });

    [Fact]
    public void BitIIsBitIMod64OfWordIDiv64() =>
        Bits.Sample(bits =>
        {
            BitSet set = Of(bits);
            Assert.Equal((bits.Length + 63) / 64, set.Words.Length);
            for (int i = 0; i < set.Words.Length * 64; i++)
                Assert.Equal(i < bits.Length && bits[i], (set.Words[i / 64] & 1UL << i % 64) != 0);
        });

    [Fact]
    public void Ones_of_a_part_are_counted_from_its_start() =>
        Gen.Select(Bits, Gen.Int[0, 300], Gen.Int[0, 300]).Sample((bits, start, length) =>
        {
            start = Math.Min(start, bits.Length);
            length = Math.Min(length, bits.Length - start);
            IEnumerable<int> ones = Enumerable.Range(0, length).Where(i => bits[start + i]);
            Assert.Equal(ones, Of(bits).Ones(start, length));
            Assert.Equal(ones.Count(), Of(bits).Count(start, length));
        });

    [Fact]
    public void A_union_has_what_some_row_has() =>
        Gen.Select(Gen.Bool.Array[1, 9], Gen.Int[1, 200], Gen.Int[0, 1000]).Sample((rows, length, seed) =>
        {
            var random = new Random(seed);
            bool[] bits = [.. Enumerable.Range(0, rows.Length * length).Select(_ => random.Next(8) == 0)];
            Assert.Equal(
                Enumerable.Range(0, length).Select(i => rows.Index().Any(row => row.Item && bits[row.Index * length + i])),
                Enumerable.Range(0, length).Select(i => Of(bits).Union(rows)[i]));
        });

    [Fact]
    public void ClearingUndoesSetting() =>
        Gen.Select(Bits, Gen.Int[0, 299]).Where(c => c.Item2 < c.Item1.Length).Sample((bits, index) =>
        {
            BitSet set = Of(bits);
            set[index] = true;
            set[index] = false;
            bits[index] = false;
            Assert.Equal(Of(bits), set);
        });

    [Fact]
    public void GoesThroughWordsAndClonesUnchanged() =>
        Bits.Sample(bits =>
        {
            BitSet set = Of(bits), copy = set.Clone();
            Assert.Equal(set, BitSet.FromWords(bits.Length, set.Words));
            Assert.Equal(set, copy);
            Assert.Equal(set.GetHashCode(), copy.GetHashCode());
            if (bits.Length == 0) return;
            copy[0] = !copy[0];
            Assert.NotEqual(set, copy);
            Assert.Equal(bits[0], set[0]);
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    public void FullSetsAllAndNothingElse(int length) => Assert.Equal(Of([.. Enumerable.Repeat(true, length)]), BitSet.Full(length));

    [Fact]
    public void LengthsAndBitsPastTheEndAreChecked()
    {
        Assert.Throws<ArgumentException>(() => BitSet.FromWords(65, [1]));
        Assert.Throws<ArgumentException>(() => BitSet.FromWords(64, [1, 0]));
        Assert.Throws<ArgumentException>(() => BitSet.FromWords(3, [0b1000]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BitSet(-1));
        Assert.NotEqual(new BitSet(3), new BitSet(4));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65)]
    [InlineData(127)] // within the last word
    public void AnIndexOutsideIsAnError(int index)
    {
        var set = new BitSet(65);
        Assert.Throws<ArgumentOutOfRangeException>(() => set[index]);
        Assert.Throws<ArgumentOutOfRangeException>(() => set[index] = true);
    }

    private static BitSet Of(bool[] bits)
    {
        var set = new BitSet(bits.Length);
        for (int i = 0; i < bits.Length; i++) set[i] = bits[i];
        return set;
    }
}
