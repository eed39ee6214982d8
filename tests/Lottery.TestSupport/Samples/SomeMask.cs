using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.TestSupport.Samples;

/// <summary>Masks made for tests.</summary>
internal static class SomeMask
{
    /// <summary>Each weight kept with the probability of its layer, in per cent; 100 keeps every one.</summary>
    public static Mask Of(Network network, ulong seed, params int[] percent)
    {
        var bits = new BitSet?[network.Parameters.Length];
        for (int i = 0; i < bits.Length; i += 2)
        {
            bits[i] = new(network.Parameters[i].Count);
            var random = new RandomStream(seed, $"test/mask/{i}");
            for (int k = 0; k < bits[i]!.Length; k++) bits[i]![k] = random.Bernoulli(k, percent[i / 2 % percent.Length] / 100.0);
        }
        return new(network, [.. bits]);
    }

    /// <summary>A mask that keeps what <paramref name="keep"/> says of layer, output and input.</summary>
    public static Mask Where(Network network, Func<int, int, int, bool> keep)
    {
        var bits = new BitSet?[network.Parameters.Length];
        for (int i = 0; i < bits.Length; i += 2)
        {
            bits[i] = new(network.Parameters[i].Count);
            int inputs = network.Parameters[i].FanIn;
            for (int k = 0; k < bits[i]!.Length; k++) bits[i]![k] = keep(i / 2, k / inputs, k % inputs);
        }
        return new(network, [.. bits]);
    }
}
