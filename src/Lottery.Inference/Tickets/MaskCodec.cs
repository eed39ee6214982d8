using System.Buffers.Binary;
using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Tickets;

/// <summary>
/// A mask in about as many bytes as it has information: how many weights each layer keeps, 32 bits each, then which.
/// </summary>
internal static class MaskCodec
{
    public static byte[] Write(Mask mask)
    {
        Network network = mask.Network;
        ImmutableArray<PictureGrid?> grids = PictureGrid.Of(network);
        var counts = new List<byte>();
        var encoder = new BinaryEncoder();
        Span<byte> four = stackalloc byte[4];
        for (int p = 0; p < network.Parameters.Length; p++)
        {
            if (mask[p] is not { } bits) continue;
            int kept = bits.Count();
            BinaryPrimitives.WriteInt32LittleEndian(four, kept);
            counts.AddRange(four);
            if (kept > 0 && kept < bits.Length) MaskModel.Code(ref encoder, bits, network.Parameters[p].Shape[0], kept, grids[p]);
        }
        return [.. counts, .. encoder.End()];
    }

    /// <exception cref="FormatException">The bytes are too few, too many, or say one number and hold another.</exception>
    public static Mask Read(ReadOnlySpan<byte> bytes, Network network)
    {
        ImmutableArray<PictureGrid?> grids = PictureGrid.Of(network);
        ReadOnlySpan<byte> counts = bytes;
        int layers = 4 * network.Parameters.Count(parameter => parameter.Prunable);
        if (bytes.Length < layers) throw new FormatException("its masks end before they begin");
        var decoder = new BinaryDecoder(bytes[layers..]);
        var all = ImmutableArray.CreateBuilder<BitSet?>();
        for (int p = 0; p < network.Parameters.Length; p++)
        {
            if (!network.Parameters[p].Prunable) all.Add(null);
            else
            {
                all.Add(Read(ref decoder, network.Parameters[p], BinaryPrimitives.ReadUInt32LittleEndian(counts), grids[p]));
                counts = counts[4..];
            }
        }
        return decoder.IsAtEnd ? new(network, all.ToImmutable()) : throw new FormatException("its masks do not end where their bytes do");
    }

    private static BitSet Read(ref BinaryDecoder decoder, Parameter parameter, uint kept, PictureGrid? grid)
    {
        if (kept > parameter.Count) throw new FormatException($"it keeps {kept} of the {parameter.Count} weights of {parameter.Name}");
        if (kept == parameter.Count) return BitSet.Full(parameter.Count);
        var bits = new BitSet(parameter.Count);
        if (kept > 0) MaskModel.Code(ref decoder, bits, parameter.Shape[0], (int)kept, grid);
        return bits.Count() == kept ? bits : throw new FormatException($"it does not keep as many weights of {parameter.Name} as it says");
    }
}
