namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override Moments BatchMoments(in NormalizationShape shape, int channel, int* live, int tiles, float* x) =>
        Kernels.BatchMoments.Fast<TWide>(shape, channel, live, tiles, x);

    protected override void Normalize(
        in NormalizationShape shape, int channel, int tiles, float* x, float* y, in Normalize.Constants constants) =>
        Kernels.Normalize.Fast<TWide>(shape, channel, tiles, x, y, constants);

    protected override (double Sum, double Product) GradientMoments(
        in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float mean) =>
        Kernels.GradientMoments.Fast<TWide>(shape, channel, live, tiles, x, dy, mean);

    protected override void NormalizeGradient(
        in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float* dx,
        in NormalizeGradient.Constants constants) =>
        Kernels.NormalizeGradient.Fast<TWide>(shape, channel, live, tiles, x, dy, dx, constants);
}
