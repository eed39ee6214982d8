using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override void KeptConvolutionForward(
        in KeptStencil stencil, float* weights, float* bias, float* x, float* y, bool relu) =>
        KeptConvolve.Reference(stencil, weights, bias, x, null, y, relu);

    protected override void KeptConvolutionGather(in KeptStencil stencil, float* weights, float* dy, float* gate, float* dx) =>
        KeptConvolve.Reference(stencil, weights, null, dy, gate, dx, relu: false);

    protected override void KeptConvolutionCorrelate(
        in KeptCorrelation correlation, int share, int shares, float* x, float* dy, int tiles, float* sums, float* gradient, bool add) =>
        KeptCorrelate.Reference(correlation, share, shares, x, dy, tiles, gradient, add);

    protected override void PooledConvolutionForward(
        in KeptStencil stencil, in ConvolutionShape shape, in PoolShape pool, float* weights, float* bias, float* x, float* y,
        byte* winner, float* block, bool relu) =>
        PooledConvolve.Reference(stencil, pool, weights, bias, x, y, winner, relu);

    protected override void PooledConvolutionBack(in PooledGradientPass pass, KeptConvolutionTable table) =>
        PooledConvolveGradient.Reference(pass, table.ByInput[0].Stencil, table.ForGradient.Correlation);

    protected override void PooledBiasGradient(in PoolShape pool, in ConvolutionShape shape, byte* winner, float* dy, float* gradient) =>
        Lottery.Kernels.PooledBiasGradient.Reference(pool, shape, winner, dy, gradient);
}
