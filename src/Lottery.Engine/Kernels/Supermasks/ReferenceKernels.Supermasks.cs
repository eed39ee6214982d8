using Lottery.Numerics;

namespace Lottery.Kernels;

internal sealed unsafe partial class ReferenceKernels
{
    protected override int SampleMask(float* scores, float* weights, float* masked, int count, RandomStream random) =>
        Kernels.SampleMask.Reference(scores, weights, masked, count, random);

    protected override void ScoreGradient(
        float* gradient, float* weights, float* scores, float* target, int count, float scale, float shift) =>
        Kernels.ScoreGradient.Reference(gradient, weights, scores, target, count, scale, shift);

    protected override void Scale(float* values, int count, float factor) => Kernels.Scale.Reference(values, count, factor);

    protected override float Dot(float* a, float* b, int lanes) => Kernels.LaneSum.Reference(a, b, lanes);
}
