using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lottery.Networks;

namespace Lottery.Studies.Store;

/// <summary>SHA-256 of weights as they are exported, one after the other in the network's order.</summary>
public static class TensorHash
{
    /// <summary>Over every value, 32-bit floats, little-endian, pruned ones included.</summary>
    public static string Of(Weights weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int p = 0; p < weights.Network.Parameters.Length; p++) hash.AppendData(MemoryMarshal.AsBytes(weights[p]));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
