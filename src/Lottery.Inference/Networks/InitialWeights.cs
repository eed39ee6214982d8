using Lottery.Numerics;

namespace Lottery.Networks;

/// <summary>
/// The weights before training, a function of the network and a seed: value i of a parameter (row-major, outputs first)
/// is number i of the random stream <c>initial/NAME</c> put through the network's initial distribution in double
/// precision, with + − × ÷ √ alone, and rounded once. Biases and running means are zero, gains and running variances one.
/// </summary>
public static class InitialWeights
{
    /// <summary>What a thread drew last: a run needs the same weights to begin, to be kept, and to be read by the level after it.</summary>
    [ThreadStatic]
    private static (ulong Seed, Weights Weights)? s_last;

    /// <summary>The initial weights of a run.</summary>
    public static Weights Draw(Network network, ulong seed)
    {
        if (s_last is not { } last || last.Seed != seed || !last.Weights.Network.Equals(network))
            s_last = last = (seed, Redraw(network, seed, "initial"));
        return last.Weights.Clone();
    }

    /// <summary>Fresh weights for <paramref name="purpose"/> (for example <c>reinit/level-3</c>): the streams <c>PURPOSE/NAME</c>.</summary>
    public static Weights Redraw(Network network, ulong seed, string purpose)
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

    /// <summary>Draws the values of one parameter, number i of <paramref name="random"/> for value i.</summary>
    public static void Fill(Span<float> values, InitialDistribution distribution, Parameter parameter, RandomStream random)
    {
        switch (distribution)
        {
            case InitialDistribution.GlorotNormal:
                double rescaled = distribution.Deviation(parameter) / NormalDistribution.TruncatedDeviation;
                for (int i = 0; i < values.Length; i++) values[i] = (float)(random.TruncatedNormal(i) * rescaled);
                break;
            case InitialDistribution.GlorotUniform or InitialDistribution.HeUniform:
                double halfWidth = distribution.HalfWidth(parameter);
                for (int i = 0; i < values.Length; i++) values[i] = (float)((2.0 * random.Uniform(i) - 1.0) * halfWidth);
                break;
            default:
                double deviation = distribution.Deviation(parameter);
                for (int i = 0; i < values.Length; i++) values[i] = (float)(random.Normal(i) * deviation);
                break;
        }
    }
}
