using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>A mask as a string of bytes that is about as short as its entropy.</summary>
internal static class MaskCodec
{
    private const int Half = 1 << 15, Rate = 6, Least = 32;

    public static byte[] Write(Mask mask)
    {
        var encoder = new BinaryEncoder();
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            if (mask[p] is not { } bits) continue;
            int probability = Half;
            for (int i = 0; i < bits.Length; i++)
            {
                encoder.Add(bits[i], probability);
                probability = Next(probability, bits[i]);
            }
        }
        return encoder.End();
    }

    /// <exception cref="FormatException">The bytes go on after the last bit.</exception>
    public static Mask Read(ReadOnlySpan<byte> bytes, Network network)
    {
        var decoder = new BinaryDecoder(bytes);
        var all = ImmutableArray.CreateBuilder<BitSet?>();
        foreach (Parameter parameter in network.Parameters)
        {
            BitSet? bits = parameter.Prunable ? new(parameter.Count) : null;
            all.Add(bits);
            int probability = Half;
            for (int i = 0; i < bits?.Length; i++)
            {
                bool bit = decoder.Next(probability);
                if (bit) bits[i] = true;
                probability = Next(probability, bit);
            }
        }
        return decoder.IsAtEnd ? new(network, all.ToImmutable()) : throw new FormatException("its masks are longer than its network's");
    }

    private static int Next(int probability, bool bit) =>
        Math.Clamp(probability + (((bit ? 65536 : 0) - probability) >> Rate), Least, 65536 - Least);
}
