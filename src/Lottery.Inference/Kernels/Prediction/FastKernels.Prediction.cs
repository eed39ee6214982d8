namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override void Interleave(float* values, int features, int count, int* places, float* x, int lanes) =>
        Kernels.Interleave.Fast<TWide>(values, features, count, places, x, lanes);
}
