using System.Numerics;
using Lottery.Numerics;

namespace Lottery.Networks;

/// <summary>
/// The weights before training, a function of the network and a seed: value i of a parameter (row-major, outputs first)
/// is number i of the random stream <c>initial/NAME</c> put through the network's initial distribution in double
/// precision, with + − × ÷ √ alone, and rounded once. Biases and running means are zero, scales and running variances one.
/// </summary>
public static class InitialWeights
{
    /// <summary>What a thread sampled last: a run needs the same weights to begin, to be kept, and to be read by the level after it.</summary>
    [ThreadStatic]
    private static (ulong Seed, Weights Weights)? s_last;

    /// <summary>The initial weights of a run.</summary>
    public static Weights Sample(Network network, ulong seed)
    {
        if (!IsSampled(network, seed)) s_last = (seed, Resample(network, seed, "initial"));
        return s_last!.Value.Weights.Clone();
    }

    /// <summary>True where this thread has just sampled them, so that <see cref="Sample"/> only copies.</summary>
    internal static bool IsSampled(Network network, ulong seed) => s_last is { } last && last.Seed == seed && last.Weights.Network.Equals(network);

    /// <summary>Fresh weights for <paramref name="purpose"/> (for example <c>reinit/level-3</c>): the streams <c>PURPOSE/NAME</c>.</summary>
    public static Weights Resample(Network network, ulong seed, string purpose)
    {
        var weights = new Weights(network);
        for (int i = 0; i < network.Parameters.Length; i++)
        {
            Parameter parameter = network.Parameters[i];
            if (parameter.Role != ParameterRole.Weight) weights[i].Fill(parameter.Start);
            else Fill(weights[i], network.Initial, parameter, new RandomStream(seed, $"{purpose}/{parameter.Name}"));
        }
        return weights;
    }

    /// <summary>
    /// What <see cref="Resample"/> gives where <paramref name="mask"/> keeps, and 0 where it prunes: each value is sampled by
    /// itself, so that this costs what is kept.
    /// </summary>
    public static Weights ResampleKept(Mask mask, ulong seed, string purpose)
    {
        var weights = new Weights(mask.Network);
        for (int i = 0; i < mask.Network.Parameters.Length; i++)
        {
            Parameter parameter = mask.Network.Parameters[i];
            var random = new RandomStream(seed, $"{purpose}/{parameter.Name}");
            if (parameter.Role != ParameterRole.Weight) weights[i].Fill(parameter.Start);
            else if (mask[i] is { } kept) Fill(weights[i], mask.Network.Initial, parameter, random, kept);
            else Fill(weights[i], mask.Network.Initial, parameter, random);
        }
        return weights;
    }

    /// <summary>Samples the values of one parameter, number i of <paramref name="random"/> for value i.</summary>
    public static void Fill(Span<float> values, InitialDistribution distribution, Parameter parameter, RandomStream random)
    {
        double scale = distribution.Scale(parameter);
        for (int i = 0; i < values.Length; i++) values[i] = distribution.Value(scale, random, i);
    }

    private static void Fill(
        Span<float> values, InitialDistribution distribution, Parameter parameter, RandomStream random, BitSet positions)
    {
        double scale = distribution.Scale(parameter);
        for (int w = 0; w < positions.Words.Length; w++)
            for (ulong word = positions.Words[w]; word != 0; word &= word - 1)
            {
                int i = (w << 6) + BitOperations.TrailingZeroCount(word);
                values[i] = distribution.Value(scale, random, i);
            }
    }
}
