using Lottery.Kernels.Optimizers;
using Lottery.Kernels.Supermasks;
using static Lottery.UnitTests.Kernels.Fault;

namespace Lottery.UnitTests.Kernels;

internal static partial class KernelFaults
{
    private static Fault[] Optimizers =>
    [
        In<AdamUpdate>("AdamKeepsTinyMoments", k =>
        {
            var first = new float[k.W.Length];
            for (int i = 0; i < first.Length; i++) first[i] = MathF.FusedMultiplyAdd(k.M[i], k.Step.Beta1, k.G[i] * k.Step.OneMinusBeta1);
            k.Reference();
            first.CopyTo(k.M);
        }),
        In<AdamUpdate>("AdamRoundsTwice", k =>
        {
            float[] before = k.W.ToArray();
            k.Reference();
            for (int i = 0; i < before.Length; i++)
            {
                float quotient = k.M[i] / (MathF.Sqrt(k.V[i]) + k.Step.Epsilon), move = quotient * k.Step.Rate;
                k.W[i] = before[i] * k.Step.Shrink - move;
            }
        }),
        In<SgdUpdate>("SgdKeepsTinyVelocity", k =>
        {
            for (int i = 0; i < k.W.Length; i++)
            {
                k.V[i] = MathF.FusedMultiplyAdd(k.V[i], k.Step.Momentum, MathF.FusedMultiplyAdd(k.W[i], k.Step.Decay, k.G[i]));
                k.W[i] = MathF.FusedMultiplyAdd(k.V[i], -k.Step.Rate, k.W[i]);
            }
        }),
        In<SgdUpdate>("SgdForgetsNesterov", k =>
        {
            k.Step.Nesterov = false;
            k.Reference();
        }),
        In<AdamUpdate>("AdamDecaysWhatItHasMoved", k =>
        {
            float shrink = k.Step.Shrink;
            k.Step.Shrink = 1;
            k.Reference();
            foreach (ref float weight in k.W) weight *= shrink;
        }),
        In<SgdUpdate>("SgdForgetsTail", k => (k with { W = k.W[..^1] }).Reference()),
        In<AdamUpdate>("AdamMovesFrozenWeights", k => (k with { Trained = default }).Reference()),
        In<AdamUpdate>("AdamMovesFrozenMoments", k =>
        {
            float[] before = k.W.ToArray();
            (k with { Trained = default }).Reference();
            for (int i = 0; i < k.W.Length && !k.Trained.IsEmpty; i++) k.W[i] = (k.Trained[i / 16] >> i % 16 & 1) != 0 ? k.W[i] : before[i];
        }),
        In<SgdUpdate>("SgdTrainsTheNeighbour", k =>
        {
            if (!k.Trained.IsEmpty) k = k with { Trained = Array.ConvertAll(k.Trained.ToArray(), bits => (ushort)(bits >> 1 | bits << 15)) };
            k.Reference();
        }),
    ];

    private static Fault[] Supermasks =>
    [
        In<SampleMask>("SampleInOrderOfCounters", k =>
        {
            k.Ones[0] = 0;
            for (int i = 0; i < k.Masked.Length; i++)
            {
                bool one = k.Random.Uniform(i) < Sigmoid.Probability(k.Scores[i]);
                k.Masked[i] = one ? k.Weights[i] : 0;
                k.Slopes[i] = Sigmoid.Slope(k.Scores[i]);
                if (one) k.Ones[0]++;
            }
        }),
        In<SampleMask>("SlopeOfTheLibrary", k =>
        {
            k.Reference();
            for (int i = 0; i < k.Slopes.Length; i++)
            {
                float p = 1 / (1 + MathF.Exp(-k.Scores[i]));
                k.Slopes[i] = p * (1 - p);
            }
        }),
        In<SampleMask>("SampleForgetsToCountZeros", k =>
        {
            k.Reference();
            k.Ones[0] = k.Masked.Length - k.Masked.Count(0f);
        }),
        In<SampleMask>("SampleForgetsTail", k =>
        {
            int whole = k.Masked.Length / 64 * 64;
            (k with { Masked = k.Masked[..whole], Slopes = k.Slopes[..whole] }).Reference();
        }),
        In<ScoreGradient>("GradientRoundsTwice", k =>
        {
            for (int i = 0; i < k.Target.Length; i++)
                k.Target[i] = (k.Gradient[i] * k.Weights[i] * k.Scale - k.Shift) * k.Slopes[i];
        }),
        In<ScoreGradient>("GradientWithoutSlope", k =>
        {
            for (int i = 0; i < k.Target.Length; i++) k.Target[i] = MathF.FusedMultiplyAdd(k.Gradient[i] * k.Weights[i], k.Scale, -k.Shift);
        }),
        In<ScaleValues>("ScaleForgetsTail", k =>
        {
            if (k.Values.Length > 0) (k with { Values = k.Values[..^1] }).Reference();
        }),
    ];
}
