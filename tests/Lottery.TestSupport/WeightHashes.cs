using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lottery.Networks;

namespace Lottery.TestSupport;

/// <summary>The name and the SHA-256 of each prunable parameter.</summary>
internal static class WeightHashes
{
    public static string[] Of(Weights weights) =>
    [
        .. weights.Network.Parameters.Select((parameter, i) => (parameter, i)).Where(p => p.parameter.Prunable).Select(p =>
            $"{p.parameter.Name} {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(weights[p.i])))}"),
    ];
}
