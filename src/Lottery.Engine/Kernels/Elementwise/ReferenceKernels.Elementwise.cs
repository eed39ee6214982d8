namespace Lottery.Kernels;

internal sealed unsafe partial class ReferenceKernels
{
    protected override void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns) =>
        Kernels.Transpose.Reference(source, sourceStride, target, targetStride, rows, columns);

    protected override void Rectify(float* gate, float* value, int count) => Kernels.Rectify.Reference(gate, value, count);

    protected override void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add) =>
        Kernels.BiasGradient.Reference(dy, gradient, rows, lanes, add);

    protected override double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale) =>
        Kernels.SoftmaxCrossEntropy.Reference(y, labels, classes, lanes, count, scale);

    protected override void AssembleBatch(
        byte* pixels, int features, int* examples, int count, int* next, int* places, float* scale, int channels, float* x, int lanes) =>
        Kernels.AssembleBatch.Reference(pixels, features, examples, count, next, places, scale, channels, x, lanes);
}
