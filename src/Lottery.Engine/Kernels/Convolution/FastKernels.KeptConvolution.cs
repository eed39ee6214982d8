namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override void KeptConvolutionForward(
        in KeptStencil stencil, float* weights, float* bias, float* x, float* y, bool relu) =>
        KeptConvolve.Fast<TWide, TCounter>(stencil, weights, bias, x, null, y, relu);

    protected override void KeptConvolutionGather(in KeptStencil stencil, float* weights, float* dy, float* gate, float* dx) =>
        KeptConvolve.Fast<TWide, TCounter>(stencil, weights, null, dy, gate, dx, relu: false);

    protected override void KeptConvolutionCorrelate(
        in KeptCorrelation correlation, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add) =>
        KeptCorrelate.Fast<TWide, TCounter>(correlation, share, shares, x, dy, tiles, sums, gradient, add);
}
