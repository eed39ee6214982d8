namespace Lottery.UnitTests.Kernels;

internal abstract unsafe partial class BrokenKernels
{
    protected override void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns) =>
        Lottery.Kernels.Transpose.Reference(source, sourceStride, target, targetStride, rows, columns);

    protected override void Rectify(float* gate, float* value, int count) => Lottery.Kernels.Rectify.Reference(gate, value, count);

    protected override void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add) =>
        Lottery.Kernels.BiasGradient.Reference(dy, gradient, rows, lanes, add);

    protected override double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale) =>
        Lottery.Kernels.SoftmaxCrossEntropy.Reference(y, labels, classes, lanes, count, scale);

    protected override void AssembleBatch(
        byte* pixels, int features, int* examples, int count, int* next, int* places, float* scale, int channels, float* x, int lanes) =>
        Lottery.Kernels.AssembleBatch.Reference(pixels, features, examples, count, next, places, scale, channels, x, lanes);
}
