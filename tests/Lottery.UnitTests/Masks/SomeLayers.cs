using CsCheck;
using Lottery.Actions;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.UnitTests.Masks;

/// <summary>Layers of weights before and after training: plenty of ties, zeros of both signs, tiny and large values.</summary>
internal static class SomeLayers
{
    /// <summary>fc1 [5, 7] and output [2, 5].</summary>
    public static Network Network { get; } = NetworkCatalogue.Get("mlp:7-5-2");

    private static readonly float[] s_odd = [0.0f, -0.0f, 1e-45f, -1e30f];

    private static readonly Gen<float> Value = Gen.Frequency(
        (4, Gen.Int[-3, 3].Select(i => i * 0.25f)), (2, Gen.Float[-1, 1]), (1, Gen.Int[0, 3].Select(i => s_odd[i])));

    public static Gen<(float[] Initial, float[] Final)> Trained { get; } =
        Gen.Select(Value, Value).Array[1, 60].Select(weights =>
            (weights.Select(w => w.Item1).ToArray(), weights.Select(w => w.Item2).ToArray()));

    /// <summary>A level on its way: what was kept, what is, and weights in which those pruned before are frozen.</summary>
    public sealed record Start(Mask Before, Mask Mask, Weights Initial, Weights Final, ulong Seed, int Level)
    {
        public TrainedLevel Trained => new(Before, Initial, Final);

        public Weights Weights(Mask1 mask1, Mask0 mask0) => MaskActions.Apply(Mask, Initial, Trained, mask1, mask0, Seed, Level);
    }

    public static Gen<Start> Starts { get; } = Gen.Select(
        Value.Array[45], Value.Array[45], Gen.Int[0, 3].Array[45], Gen.ULong, Gen.Int[1, 9],
        (initial, final, kept, seed, level) => new Start(
            Bits([.. kept.Select(k => k > 0)]), Bits([.. kept.Select(k => k > 1)]), Fill(initial), Fill(final), seed, level));

    private static Weights Fill(float[] values)
    {
        var weights = new Weights(Network);
        values.AsSpan(0, 35).CopyTo(weights[0]);
        values.AsSpan(35).CopyTo(weights[2]);
        weights[1].Fill(0.5f);
        return weights;
    }

    private static Mask Bits(bool[] kept)
    {
        var (fc, output) = (new BitSet(35), new BitSet(10));
        for (int i = 0; i < 35; i++) fc[i] = kept[i];
        for (int i = 0; i < 10; i++) output[i] = kept[35 + i];
        return new(Network, [fc, null, output, null]);
    }
}
