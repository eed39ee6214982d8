namespace Lottery.Tests;

internal abstract unsafe partial class BrokenKernels
{
    protected override void Interleave(float* values, int features, int count, int* places, float* x, int lanes) =>
        Lottery.Kernels.Interleave.Reference(values, features, count, places, x, lanes);
}
