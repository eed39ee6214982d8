namespace Lottery.Kernels;

internal sealed unsafe partial class ReferenceKernels
{
    protected override void KeptConvolutionForward(
        in KeptStencil stencil, float* weights, float* bias, float* x, float* y, bool relu) =>
        KeptConvolve.Reference(stencil, weights, bias, x, null, y, relu);

    protected override void KeptConvolutionGather(in KeptStencil stencil, float* weights, float* dy, float* gate, float* dx) =>
        KeptConvolve.Reference(stencil, weights, null, dy, gate, dx, relu: false);

    protected override void KeptConvolutionCorrelate(
        in KeptCorrelation correlation, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add) =>
        KeptCorrelate.Reference(correlation, share, shares, x, dy, tiles, gradient, add);
}
