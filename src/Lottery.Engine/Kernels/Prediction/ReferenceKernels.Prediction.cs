namespace Lottery.Kernels;

internal sealed unsafe partial class ReferenceKernels
{
    protected override void Interleave(float* values, int features, int count, int* places, float* x, int lanes) =>
        Kernels.Interleave.Reference(values, features, count, places, x, lanes);

    protected override void KeptVector(in KeptVectorLayout layout, float* x, float* y, bool relu) =>
        Kernels.KeptVector.Reference(layout, x, y, relu);

    protected override void KeptRuns(
        in KeptStencil stencil, int width, float* weights, float* bias, float* source, float* target, bool relu) =>
        Kernels.KeptRuns.Reference(stencil, weights, bias, source, target, relu);

    protected override void Largest(float* x, int* offsets, int count, float* y, int lanes) =>
        Kernels.Largest.Reference(x, offsets, count, y, lanes);
}
