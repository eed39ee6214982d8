namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override void Interleave(float* values, int features, int count, int* places, float* x, int lanes) =>
        Kernels.Interleave.Fast<TWide>(values, features, count, places, x, lanes);

    protected override void KeptVector(in KeptVectorLayout layout, float* x, float* y, bool relu) =>
        Kernels.KeptVector.Fast<TCounter>(layout, x, y, relu);

    protected override void KeptRuns(
        in KeptStencil stencil, int width, float* weights, float* bias, float* source, float* target, bool relu) =>
        Kernels.KeptRuns.Fast<TWide, TCounter>(stencil, width, weights, bias, source, target, relu);

    protected override void Largest(float* x, int* offsets, int count, float* y, int lanes) =>
        Kernels.Largest.Fast<TWide>(x, offsets, count, y, lanes);
}
