using System.Numerics;
using System.Runtime.InteropServices;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Studies.Store;

/// <summary>Bits and the values at set bits, as bytes: little-endian words, then 32-bit floats in order.</summary>
internal static class TensorCodec
{
    /// <summary>Writes the bits, 64 to a word.</summary>
    public static void WriteBits(BinaryWriter writer, BitSet bits)
    {
        foreach (ulong word in bits.Words) writer.Write(word);
    }

    /// <summary>Reads <paramref name="length"/> bits.</summary>
    /// <exception cref="InvalidDataException">A bit past the end is set.</exception>
    public static BitSet ReadBits(BinaryReader reader, int length)
    {
        var words = new ulong[(length + 63L) / 64];
        for (int i = 0; i < words.Length; i++) words[i] = reader.ReadUInt64();
        try
        {
            return BitSet.FromWords(length, words);
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException("a bit past the end is set", wrong);
        }
    }

    /// <summary>Writes the values of each parameter at the bits that <paramref name="kept"/> sets; all where it is null.</summary>
    public static void WriteValues(BinaryWriter writer, Weights weights, Func<int, BitSet?> kept)
    {
        for (int p = 0; p < weights.Network.Parameters.Length; p++)
        {
            Span<float> values = weights[p];
            foreach (int i in Places(kept(p), values.Length)) writer.Write(weights[p][i]);
        }
    }

    /// <summary>Reads what <see cref="WriteValues"/> wrote over <paramref name="weights"/>; other places stay.</summary>
    public static void ReadValues(BinaryReader reader, Weights weights, Func<int, BitSet?> kept)
    {
        for (int p = 0; p < weights.Network.Parameters.Length; p++)
            foreach (int i in Places(kept(p), weights[p].Length)) weights[p][i] = reader.ReadSingle();
    }

    /// <summary>Writes weights that are mostly zero: a bit a value that is not zero, then those values.</summary>
    public static void WriteSparse(BinaryWriter writer, Weights weights)
    {
        BitSet[] support = [.. weights.Network.Parameters.Select((parameter, p) => Support(weights[p]))];
        foreach (BitSet bits in support) WriteBits(writer, bits);
        WriteValues(writer, weights, p => support[p]);
    }

    /// <summary>Reads what <see cref="WriteSparse"/> wrote.</summary>
    public static Weights ReadSparse(BinaryReader reader, Network network)
    {
        BitSet[] support = [.. network.Parameters.Select(parameter => ReadBits(reader, parameter.Count))];
        var weights = new Weights(network);
        ReadValues(reader, weights, p => support[p]);
        return weights;
    }

    /// <summary>The places of the set bits in order; every place where there are no bits.</summary>
    public static IEnumerable<int> Places(BitSet? bits, int length)
    {
        if (bits is null)
        {
            for (int i = 0; i < length; i++) yield return i;
            yield break;
        }
        for (int w = 0; w < bits.Words.Length; w++)
            for (ulong word = bits.Words[w]; word != 0; word &= word - 1)
                yield return (w << 6) + BitOperations.TrailingZeroCount(word);
    }

    private static BitSet Support(ReadOnlySpan<float> values)
    {
        var bits = new BitSet(values.Length);
        // Minus zero is not zero here: the bits must come back.
        ReadOnlySpan<uint> patterns = MemoryMarshal.Cast<float, uint>(values);
        for (int i = 0; i < patterns.Length; i++)
            if (patterns[i] != 0) bits[i] = true;
        return bits;
    }
}
