namespace Lottery.Kernels;

internal sealed unsafe partial class ReferenceKernels
{
    protected override void Interleave(float* values, int features, int count, int* places, float* x, int lanes) =>
        Kernels.Interleave.Reference(values, features, count, places, x, lanes);
}
