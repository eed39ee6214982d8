using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Prediction;

namespace Lottery.TestSupport.Samples;

/// <summary>A masked network with weights, and examples for it.</summary>
internal sealed record SomeTicket(Mask Mask, Weights Weights, byte[] Images)
{
    public Network Network => Mask.Network;

    /// <summary>The images as values.</summary>
    public float[] Inputs => Array.ConvertAll(Images, pixel => (float)(pixel / 255.0));

    public Predictor Predictor(string? kernels = null) =>
        new(Mask, Weights, PixelScale.Unit, Lottery.Kernels.KernelRegistry.Get(kernels));

    /// <summary>A network whose every mask has that density; pruned weights are zero, or keep their initial value.</summary>
    public static SomeTicket Of(Network network, double density, int examples, bool frozen = false)
    {
        var random = new RandomStream(7, "test/keeps");
        BitSet?[] bits = [.. network.Parameters.Select(parameter => parameter.Prunable ? new BitSet(parameter.Count) : null)];
        Weights weights = InitialWeights.Sample(network, 3);
        for (int p = 0; p < bits.Length; p++)
        {
            var noise = new RandomStream(8, $"test/start/{p}");
            for (int k = 0; k < weights[p].Length; k++)
                if (bits[p] is { } kept)
                {
                    kept[k] = density == 1 || k == 0 || random.Bernoulli(((long)p << 32) | (uint)k, density);
                    if (!kept[k] && !frozen) weights[p][k] = 0;
                }
                else if (network.Parameters[p].Role != ParameterRole.Weight) weights[p][k] += (float)(0.2 * noise.Uniform(k));
        }
        return new(new(network, [.. bits]), weights, SmallData.Examples(examples, network.Inputs, network.Outputs, seed: 5).Pixels.ToArray());
    }
}
