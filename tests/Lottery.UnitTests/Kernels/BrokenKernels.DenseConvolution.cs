using Lottery.Kernels;

namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override void DenseConvolutionPack(in ConvolutionShape shape, float* weights, float* packed, bool transposed) =>
        DensePack.Reference(shape, weights, packed, transposed);

    protected override void DenseConvolutionForward(
        in ConvolutionShape shape, float* packed, float* bias, float* x, float* y, float* work, bool relu) =>
        DenseForward.Reference(shape, packed, bias, x, y, relu);

    protected override void DenseConvolutionInputGradient(
        in ConvolutionShape shape, float* packed, float* dy, float* gate, float* dx, float* work) =>
        DenseInputGradient.Reference(shape, packed, dy, gate, dx);

    protected override void DenseConvolutionWeightGradient(
        in ConvolutionShape shape, float* x, float* dy, int tiles, int from, int to, float* gradient, float* work) =>
        DenseWeightGradient.Reference(shape, x, dy, tiles, from, to, gradient);

    protected override void ConvolutionBiasGradient(in ConvolutionShape shape, float* dy, int tiles, float* gradient) =>
        Lottery.Kernels.ConvolutionBiasGradient.Reference(shape, dy, tiles, gradient);
}
