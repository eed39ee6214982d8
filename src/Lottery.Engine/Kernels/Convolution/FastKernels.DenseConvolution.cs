namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override void DenseConvolutionPack(in ConvolutionShape shape, float* weights, float* packed, bool transposed) =>
        DensePack.Fast<TWide>(shape, weights, packed, transposed);

    protected override void DenseConvolutionForward(
        in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu) =>
        DenseForward.Fast<TWide, TCounter>(shape, packed, bias, x, y, work, relu);

    protected override void DenseConvolutionInputGradient(
        in ConvolutionShape shape, float* packed, float* dy, float* gate, float* dx, float* work) =>
        DenseInputGradient.Fast<TWide, TCounter>(shape, packed, dy, gate, dx, work);

    protected override void DenseConvolutionWeightGradient(
        in ConvolutionShape shape, float* x, float* dy, int tiles, int from, int to, float* gradient, float* work) =>
        DenseWeightGradient.Fast<TWide, TCounter>(shape, x, dy, tiles, from, to, gradient, work);

    protected override void ConvolutionBiasGradient(in ConvolutionShape shape, float* dy, int tiles, float* gradient) =>
        Kernels.ConvolutionBiasGradient.Fast<TWide>(shape, dy, tiles, gradient);
}
