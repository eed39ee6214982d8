namespace Lottery.Kernels;

internal sealed unsafe partial class ReferenceKernels
{
    protected override void PooledConvolutionForward(
        in KeptStencil stencil, in ConvolutionShape shape, in PoolShape pool, float* weights, float* bias, float* x, float* y,
        byte* winner, float* block, bool relu) =>
        PooledConvolve.Reference(stencil, pool, weights, bias, x, y, winner, relu);

    protected override void PooledConvolutionBack(in PooledGradientPass pass, KeptConvolutionTable table) =>
        PooledConvolveGradient.Reference(pass, table.ByInput[0].Stencil, table.ForGradient.Correlation);

    protected override void PooledBiasGradient(in PoolShape pool, in ConvolutionShape shape, byte* winner, float* dy, float* gradient) =>
        Kernels.PooledBiasGradient.Reference(pool, shape, winner, dy, gradient);
}
