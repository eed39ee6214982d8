namespace Lottery.Numerics;

/// <summary>
/// Philox 4×32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3" (SC 2011): 128 random bits are a pure function of a 128-bit counter and a 64-bit key.
/// </summary>
/// <remarks>There is no state between calls, so no result depends on their order.</remarks>
internal static class Philox
{
    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>The block of four 32-bit words at <paramref name="counter"/> under a 64-bit key.</summary>
    public static Block At(Block counter, uint key0, uint key1)
    {
        (uint c0, uint c1, uint c2, uint c3) = counter;
        for (int round = 0; round < 10; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0, product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ key0, (uint)product1,
                                (uint)(product0 >> 32) ^ c3 ^ key1, (uint)product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return new(c0, c1, c2, c3);
    }

    /// <summary>Four 32-bit words: a counter, or its random bits.</summary>
    internal readonly record struct Block(uint X0, uint X1, uint X2, uint X3);
}
