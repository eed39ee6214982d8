namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override void PooledConvolutionForward(
        in KeptStencil stencil, in ConvolutionShape shape, in PoolShape pool, float* weights, float* bias, float* x, float* y,
        byte* winner, float* block, bool relu) =>
        PooledConvolve.Fast<TWide, TCounter>(stencil, shape, pool, weights, bias, x, y, winner, block, relu);

    protected override void PooledConvolutionBack(in PooledGradientPass pass, KeptConvolutionTable table) =>
        PooledConvolveGradient.Fast<TWide, TCounter>(pass);

    protected override void PooledBiasGradient(in PoolShape pool, in ConvolutionShape shape, byte* winner, float* dy, float* gradient) =>
        Kernels.PooledBiasGradient.Fast<TWide>(pool.Output, winner, dy, gradient);
}
