using Lottery.Data;
using Lottery.Kernels;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Operations;
using Lottery.Plans;
using Lottery.Training;

namespace Lottery.UnitTests.Formats;

/// <summary>A network, a random mask of one density, weights of which none is what it starts as, and a few images.</summary>
internal sealed class SparseNetwork
{
    /// <summary>The number of images.</summary>
    public const int Count = 3;

    private readonly Mask _mask;
    private readonly Examples _examples;

    public SparseNetwork(Network network, double density, ulong seed)
    {
        BitSet?[] bits = [.. network.Parameters.Select(parameter => parameter.Prunable ? BitSet.Full(parameter.Count) : null)];
        Weights = InitialWeights.Sample(network, seed);
        for (int p = 0; p < bits.Length; p++)
        {
            var random = new RandomStream(seed, $"test/some/{p}");
            for (int k = 0; k < Weights[p].Length; k++)
                if (bits[p] is null) Weights[p][k] += (float)(0.2 * random.Uniform(k));
                else if (!random.Bernoulli(k, density)) (bits[p]![k], Weights[p][k]) = (false, 0);
        }
        _mask = new(network, [.. bits]);
        _examples = SmallData.Examples(Count, network.Inputs, network.Outputs, seed);
        Inputs = Array.ConvertAll(_examples.Pixels.ToArray(), pixel => PixelScale.Unit.Of(0, pixel));
    }

    public Network Network => _mask.Network;

    public Weights Weights { get; }

    /// <summary>The images, scaled: <c>[n, values]</c>.</summary>
    public float[] Inputs { get; }

    /// <summary>The scores of the engine: <c>[n, classes]</c>.</summary>
    public float[] Scores()
    {
        using var plan = new CompiledPlan(Network, _mask, KernelRegistry.Kernels);
        plan.Load(Weights);
        using TensorBuffers activations = plan.Allocate(Count);
        new BatchSource(plan, activations).Fill(_examples, [0, 1, 2], []);
        plan.Forward(plan.Evaluation(activations));
        var scores = new float[Count * Network.Outputs];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = activations.At(plan.Output, 0)[i % Network.Outputs * activations.Tiles.Lanes + i / Network.Outputs];
        return scores;
    }
}
