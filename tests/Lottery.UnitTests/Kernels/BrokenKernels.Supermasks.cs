using Lottery.Numerics;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override int SampleMask(float* scores, float* weights, float* masked, int count, RandomStream random) =>
        Lottery.Kernels.SampleMask.Reference(scores, weights, masked, count, random);

    protected override void ScoreGradient(
        float* gradient, float* weights, float* scores, float* target, int count, float scale, float shift) =>
        Lottery.Kernels.ScoreGradient.Reference(gradient, weights, scores, target, count, scale, shift);

    protected override void Scale(float* values, int count, float factor) => Lottery.Kernels.Scale.Reference(values, count, factor);

    protected override float Dot(float* a, float* b, int lanes) => Lottery.Kernels.LaneSum.Reference(a, b, lanes);
}
