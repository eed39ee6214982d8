using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lottery.Numerics;

/// <summary>A fixed number of bits, packed 64 to a word, the first bit lowest; bits past the end are always zero.</summary>
public sealed class BitSet : IEquatable<BitSet>
{
    private readonly ulong[] _words;

    /// <summary>All bits clear.</summary>
    public BitSet(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _words = new ulong[(length + 63L) / 64];
    }

    /// <summary>The number of bits.</summary>
    public int Length { get; }

    /// <summary>The packed words, to write; bits past the end stay zero.</summary>
    internal Span<ulong> Bits => _words;

    /// <summary>The packed words, the first bit lowest.</summary>
    public ReadOnlySpan<ulong> Words => _words;

    /// <summary>The bit at <paramref name="index"/>.</summary>
    public bool this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length, nameof(index));
            return (_words[index >> 6] >> index & 1) != 0;
        }
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length, nameof(index));
            if (value) _words[index >> 6] |= 1UL << index;
            else _words[index >> 6] &= ~(1UL << index);
        }
    }

    /// <summary>All <paramref name="length"/> bits set.</summary>
    public static BitSet Full(int length)
    {
        var bits = new BitSet(length);
        Array.Fill(bits._words, ulong.MaxValue);
        if ((length & 63) != 0) bits._words[^1] = (1UL << length) - 1;
        return bits;
    }

    /// <summary>The bits packed in <paramref name="words"/>; bits past the end must be zero.</summary>
    /// <exception cref="ArgumentException">The words do not hold exactly <paramref name="length"/> bits.</exception>
    public static BitSet FromWords(int length, ReadOnlySpan<ulong> words)
    {
        var bits = new BitSet(length);
        bool tail = (length & 63) != 0 && words.Length > 0 && words[^1] >> length != 0;
        if (words.Length != bits._words.Length || tail)
            throw new ArgumentException($"{words.Length} words do not hold exactly {length} bits.", nameof(words));
        words.CopyTo(bits._words);
        return bits;
    }

    /// <summary>The number of set bits.</summary>
    public int Count()
    {
        int count = 0;
        foreach (ulong word in _words) count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>The places of the set bits among <paramref name="length"/> bits from <paramref name="start"/> on, counted from there, ascending.</summary>
    internal int[] Ones(int start, int length)
    {
        var ones = new int[Count(start, length)];
        Ones(start, length, ones);
        return ones;
    }

    /// <summary>The same, written to <paramref name="ones"/>; their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal int Ones(int start, int length, Span<int> ones)
    {
        int next = 0, end = start + length;
        for (int w = start >> 6; w << 6 < end; w++)
            for (ulong word = Part(w, start, end); word != 0; word &= word - 1)
                ones[next++] = (w << 6) + BitOperations.TrailingZeroCount(word) - start;
        return next;
    }

    /// <summary>The bits that are set in some of the rows that these bits consist of; <c>[length of a row]</c>.</summary>
    internal BitSet Union(ReadOnlySpan<bool> rows)
    {
        int length = Length / rows.Length;
        var union = new BitSet(length);
        for (int row = 0; row < rows.Length; row++)
        {
            if (!rows[row]) continue;
            for (int w = 0, start = row * length; w < union._words.Length; w++, start += 64)
            {
                int word = start >> 6, shift = start & 63;
                ulong bits = _words[word] >> shift;
                if (shift > 0 && word + 1 < _words.Length) bits |= _words[word + 1] << 64 - shift;
                union._words[w] |= bits;
            }
        }
        if ((length & 63) != 0) union._words[^1] &= (1UL << length) - 1;
        return union;
    }

    /// <summary>The number of set bits among <paramref name="length"/> bits from <paramref name="start"/> on.</summary>
    internal int Count(int start, int length)
    {
        int count = 0, end = start + length;
        for (int w = start >> 6; w << 6 < end; w++) count += BitOperations.PopCount(Part(w, start, end));
        return count;
    }

    /// <summary>The bits of a word that lie in [start, end).</summary>
    private ulong Part(int word, int start, int end)
    {
        ulong bits = _words[word];
        if (word << 6 < start) bits &= ulong.MaxValue << start;
        if (word + 1 << 6 > end) bits &= (1UL << end) - 1;
        return bits;
    }

    /// <summary>The bits as bytes, 0 or 1; <c>[Length]</c>.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(_words[i >> 6] >> i & 1);
        return bytes;
    }

    /// <summary>An independent copy.</summary>
    public BitSet Clone() => FromWords(Length, _words);

    /// <inheritdoc/>
    public bool Equals(BitSet? other) => other is not null && Length == other.Length && Words.SequenceEqual(other.Words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BitSet);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Length, _words.Length == 0 ? 0 : _words[0]);
}
