namespace Lottery.Kernels;

internal sealed unsafe partial class FastKernels<TWide, TCounter>
{
    protected override void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns) =>
        Kernels.Transpose.Fast<TWide>(source, sourceStride, target, targetStride, rows, columns);

    protected override void Rectify(float* gate, float* value, int count) => Kernels.Rectify.Fast<TWide>(gate, value, count);

    protected override void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add) =>
        Kernels.BiasGradient.Fast<TWide>(dy, gradient, rows, lanes, add);

    protected override double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale) =>
        Kernels.SoftmaxCrossEntropy.Fast<TWide>(y, labels, classes, lanes, count, scale);

    protected override void AssembleBatch(
        byte* pixels, int features, int* examples, int count, int* next, int* places, float* scale, int channels, float* x, int lanes) =>
        Kernels.AssembleBatch.Fast<TWide>(pixels, features, examples, count, next, places, scale, channels, x, lanes);
}
