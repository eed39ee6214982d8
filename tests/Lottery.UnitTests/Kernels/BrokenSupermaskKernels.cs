using Lottery.Kernels;
using Lottery.Numerics;

namespace Lottery.UnitTests.Kernels;

/// <summary>Ways in which the kernels of learned supermasks could be slightly wrong.</summary>
internal static unsafe class BrokenSupermaskKernels
{
    public static IEnumerable<(string Kernel, KernelSet Broken)> All =>
    [
        (nameof(KernelSet.SampleMask), new SampleInOrderOfCounters()),
        (nameof(KernelSet.SampleMask), new SampleForgetsToCountZeros()),
        (nameof(KernelSet.SampleMask), new SampleForgetsTail()),
        (nameof(KernelSet.ScoreGradient), new GradientRoundsTwice()),
        (nameof(KernelSet.ScoreGradient), new GradientOfTheLibrary()),
        (nameof(KernelSet.Scale), new ScaleForgetsTail()),
        (nameof(KernelSet.Dot), new SumInLaneOrder()),
    ];

    private sealed class SampleInOrderOfCounters : BrokenKernels
    {
        protected override int SampleMask(float* scores, float* weights, float* masked, int count, RandomStream random)
        {
            int ones = 0;
            for (int i = 0; i < count; i++)
            {
                bool one = random.Uniform(i) < Sigmoid.Probability(scores[i]);
                masked[i] = one ? weights[i] : 0;
                if (one) ones++;
            }
            return ones;
        }
    }

    private sealed class SampleForgetsToCountZeros : BrokenKernels
    {
        protected override int SampleMask(float* scores, float* weights, float* masked, int count, RandomStream random)
        {
            base.SampleMask(scores, weights, masked, count, random);
            int ones = 0;
            for (int i = 0; i < count; i++) ones += masked[i] != 0 ? 1 : 0;
            return ones;
        }
    }

    private sealed class SampleForgetsTail : BrokenKernels
    {
        protected override int SampleMask(float* scores, float* weights, float* masked, int count, RandomStream random) =>
            base.SampleMask(scores, weights, masked, count / 64 * 64, random);
    }

    private sealed class GradientRoundsTwice : BrokenKernels
    {
        protected override void ScoreGradient(
            float* gradient, float* weights, float* scores, float* target, int count, float scale, float shift)
        {
            for (int i = 0; i < count; i++)
                target[i] = (gradient[i] * weights[i] * scale - shift) * Sigmoid.Slope(scores[i]);
        }
    }

    private sealed class GradientOfTheLibrary : BrokenKernels
    {
        protected override void ScoreGradient(
            float* gradient, float* weights, float* scores, float* target, int count, float scale, float shift)
        {
            for (int i = 0; i < count; i++)
            {
                float p = 1 / (1 + MathF.Exp(-scores[i]));
                target[i] = MathF.FusedMultiplyAdd(gradient[i] * weights[i], scale, -shift) * (p * (1 - p));
            }
        }
    }

    private sealed class ScaleForgetsTail : BrokenKernels
    {
        protected override void Scale(float* values, int count, float factor) => base.Scale(values, count - 1, factor);
    }

    private sealed class SumInLaneOrder : BrokenKernels
    {
        protected override float Dot(float* a, float* b, int lanes)
        {
            float sum = 0;
            for (int i = 0; i < lanes; i++) sum += a[i] * b[i];
            return sum;
        }
    }
}
