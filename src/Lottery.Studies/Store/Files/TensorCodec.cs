using System.Numerics;
using System.Runtime.InteropServices;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Studies.Store.Files;

/// <summary>Bit sets, and the values at their set bits, as bytes: 64-bit words, 32-bit floats, little-endian.</summary>
/// <remarks>All processors that .NET supports here are little-endian: values are copied as they are in memory.</remarks>
internal static class TensorCodec
{
    /// <summary>Writes the bits, 64 to a word.</summary>
    public static void WriteBits(BinaryWriter writer, BitSet bits) => writer.Write(MemoryMarshal.AsBytes(bits.Words));

    /// <summary>Reads <paramref name="length"/> bits.</summary>
    /// <exception cref="InvalidDataException">A bit past the end is set.</exception>
    public static BitSet ReadBits(BinaryReader reader, int length)
    {
        var words = new ulong[(length + 63L) / 64];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(words.AsSpan()));
        try
        {
            return BitSet.FromWords(length, words);
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException("a bit past the end is set", wrong);
        }
    }

    /// <summary>Writes each parameter's values at the bits of <paramref name="kept"/>; all where it is null.</summary>
    public static void WriteValues(BinaryWriter writer, Weights weights, Func<int, BitSet?> kept)
    {
        Span<float> piece = stackalloc float[1 << 10];
        for (int p = 0; p < weights.Network.Parameters.Length; p++)
        {
            ReadOnlySpan<float> values = weights[p];
            if (kept(p) is not { } bits)
            {
                writer.Write(MemoryMarshal.AsBytes(values));
                continue;
            }
            int filled = 0;
            for (int w = 0; w < bits.Words.Length; w++)
                for (ulong word = bits.Words[w]; word != 0; word &= word - 1)
                {
                    piece[filled++] = values[(w << 6) + BitOperations.TrailingZeroCount(word)];
                    if (filled < piece.Length) continue;
                    writer.Write(MemoryMarshal.AsBytes(piece));
                    filled = 0;
                }
            writer.Write(MemoryMarshal.AsBytes(piece[..filled]));
        }
    }

    /// <summary>Reads what <see cref="WriteValues"/> wrote, into the same positions; other values stay.</summary>
    public static void ReadValues(BinaryReader reader, Weights weights, Func<int, BitSet?> kept)
    {
        for (int p = 0; p < weights.Network.Parameters.Length; p++)
        {
            BitSet? bits = kept(p);
            Span<float> values = bits is null ? weights[p] : new float[bits.Count()];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));
            if (bits is not null) SparseValues.Scatter(weights[p], bits, values);
        }
    }

    /// <summary>Writes weights that may be mostly zero: a bit a value that is not zero, then those values.</summary>
    public static void WriteSparse(BinaryWriter writer, Weights weights)
    {
        BitSet[] support = [.. weights.Network.Parameters.Select((_, p) => Support(weights[p]))];
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

    private static BitSet Support(ReadOnlySpan<float> values)
    {
        var bits = new BitSet(values.Length);
        // −0 is not 0 here: its bits must be restored.
        ReadOnlySpan<uint> patterns = MemoryMarshal.Cast<float, uint>(values);
        for (int i = 0; i < patterns.Length; i++)
            if (patterns[i] != 0) bits[i] = true;
        return bits;
    }
}
