using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Studies.Store;

/// <summary>SHA-256 of tensors as they are exported, one after the other in the network's order.</summary>
public static class TensorHash
{
    /// <summary>Over every value, 32-bit floats, little-endian, pruned ones included.</summary>
    public static string Of(Weights weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int p = 0; p < weights.Network.Parameters.Length; p++) hash.AppendData(MemoryMarshal.AsBytes(weights[p]));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Over one byte a prunable weight: 1 where it is kept, 0 where it is pruned.</summary>
    public static string Of(Mask mask)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
            if (mask[p] is { } bits) hash.AppendData(Bytes(bits));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>One byte a bit, 0 or 1.</summary>
    internal static byte[] Bytes(BitSet bits)
    {
        var bytes = new byte[bits.Length];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = bits[i] ? (byte)1 : (byte)0;
        return bytes;
    }
}
