using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>
/// Writes and reads masks, close to their entropy: the number of kept weights of each layer as a varint, then the positions,
/// arithmetic-coded (<see cref="MaskModel"/>).
/// </summary>
internal static class MaskCodec
{
    public static byte[] Write(Mask mask)
    {
        Network network = mask.Network;
        ImmutableArray<ImageGrid?> grids = ImageGrid.Of(network);
        var counts = new List<byte>();
        var encoder = new BinaryEncoder();
        for (int p = 0; p < network.Parameters.Length; p++)
        {
            if (mask[p] is not { } bits) continue;
            int kept = bits.Count();
            Add(counts, (uint)kept);
            if (kept > 0 && kept < bits.Length) MaskModel.Code(ref encoder, bits, network.Parameters[p].Shape[0], kept, grids[p]);
        }
        return [.. counts, .. encoder.End()];
    }

    /// <exception cref="FormatException">The bytes are too few or too many, or a layer's count does not match its positions.</exception>
    public static Mask Read(ReadOnlySpan<byte> bytes, Network network)
    {
        ImmutableArray<ImageGrid?> grids = ImageGrid.Of(network);
        uint[] counts = new uint[network.Parameters.Length];
        for (int p = 0; p < counts.Length; p++)
            if (network.Parameters[p].Prunable) counts[p] = Take(ref bytes, network.Parameters[p]);
        var decoder = new BinaryDecoder(bytes);
        var all = ImmutableArray.CreateBuilder<BitSet?>();
        for (int p = 0; p < counts.Length; p++)
            all.Add(network.Parameters[p].Prunable ? Read(ref decoder, network.Parameters[p], (int)counts[p], grids[p]) : null);
        return decoder.IsAtEnd ? new(network, all.ToImmutable()) : throw new FormatException("its masks do not end with their last byte");
    }

    private static BitSet Read(ref BinaryDecoder decoder, Parameter parameter, int kept, ImageGrid? grid)
    {
        if (kept == parameter.Count) return BitSet.Full(parameter.Count);
        var bits = new BitSet(parameter.Count);
        if (kept > 0) MaskModel.Code(ref decoder, bits, parameter.Shape[0], kept, grid);
        return bits.Count() == kept ? bits : throw new FormatException($"the number of kept weights of {parameter.Name} is not the one stated");
    }

    // Varint: the lowest seven bits first; the highest bit of a byte is set if another follows.
    private static void Add(List<byte> bytes, uint number)
    {
        for (; number > 127; number >>= 7) bytes.Add((byte)(number | 128));
        bytes.Add((byte)number);
    }

    private static uint Take(ref ReadOnlySpan<byte> bytes, Parameter parameter)
    {
        uint number = 0;
        for (int shift = 0; shift < 28 && !bytes.IsEmpty; shift += 7)
        {
            uint next = bytes[0];
            bytes = bytes[1..];
            number |= (next & 127) << shift;
            if (next > 127) continue;
            if (next == 0 && shift > 0) break;
            return number <= parameter.Count
                ? number
                : throw new FormatException($"it keeps {number} of the {parameter.Count} weights of {parameter.Name}");
        }
        throw new FormatException($"the number of kept weights of {parameter.Name} is missing");
    }
}
