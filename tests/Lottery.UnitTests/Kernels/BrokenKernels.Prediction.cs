using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override void Interleave(float* values, int features, int count, int* places, float* x, int lanes) =>
        Lottery.Kernels.Interleave.Reference(values, features, count, places, x, lanes);

    protected override void KeptVector(in KeptVectorLayout layout, float* x, float* y, bool relu) =>
        Lottery.Kernels.KeptVector.Reference(layout, x, y, relu);

    protected override void KeptRuns(
        in KeptStencil stencil, int width, float* weights, float* bias, float* source, float* target, bool relu) =>
        Lottery.Kernels.KeptRuns.Reference(stencil, weights, bias, source, target, relu);

    protected override void Largest(float* x, int* offsets, int count, float* y, int lanes) =>
        Lottery.Kernels.Largest.Reference(x, offsets, count, y, lanes);
}
