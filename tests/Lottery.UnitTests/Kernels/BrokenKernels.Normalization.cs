using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override Moments BatchMoments(in NormalizationShape shape, int channel, int* live, int tiles, float* x) =>
        Lottery.Kernels.BatchMoments.Reference(shape, channel, live, tiles, x);

    protected override void Normalize(
        in NormalizationShape shape, int channel, int tiles, float* x, float* y, in Normalize.Constants constants) =>
        Lottery.Kernels.Normalize.Reference(shape, channel, tiles, x, y, constants);

    protected override (double Sum, double Product) GradientMoments(
        in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float mean) =>
        Lottery.Kernels.GradientMoments.Reference(shape, channel, live, tiles, x, dy, mean);

    protected override void NormalizeGradient(
        in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float* dx,
        in NormalizeGradient.Constants constants) =>
        Lottery.Kernels.NormalizeGradient.Reference(shape, channel, live, tiles, x, dy, dx, constants);
}
