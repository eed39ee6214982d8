using Lottery.Kernels;

namespace Lottery.Tests;

/// <summary>The reference, kernel by kernel: a broken version overrides the one that it breaks.</summary>
internal abstract unsafe class BrokenKernels(string name = "broken") : KernelSet(name)
{
    protected override void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu) =>
        Lottery.Kernels.KeptForward.Reference(layout, weights, bias, x, y, lanes, relu);

    protected override void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes) =>
        Lottery.Kernels.KeptInputGradient.Reference(columns, weights, dy, x, dx, lanes);

    protected override void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add) =>
        Lottery.Kernels.KeptWeightGradient.Reference(layout, tile, x, dy, gradient, lanes, add);

    protected override void ActiveProduct(in ActiveProduct product) => Lottery.Kernels.ActiveProduct.Reference(product);

    protected override void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns) =>
        Lottery.Kernels.ActiveBits.Reference(a, stride, bits, rows, columns);

    protected override void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns) =>
        Lottery.Kernels.Transpose.Reference(source, sourceStride, target, targetStride, rows, columns);

    protected override void Rectify(float* gate, float* value, int count) => Lottery.Kernels.Rectify.Reference(gate, value, count);

    protected override void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add) =>
        Lottery.Kernels.BiasGradient.Reference(dy, gradient, rows, lanes, add);

    protected override double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale) =>
        Lottery.Kernels.SoftmaxCrossEntropy.Reference(y, labels, classes, lanes, count, scale);

    protected override void AssembleBatch(byte* pixels, int features, int* examples, int count, int* next, int* places, float* x, int lanes) =>
        Lottery.Kernels.AssembleBatch.Reference(pixels, features, examples, count, next, places, x, lanes);

    protected override void AdamUpdate(float* w, float* m, float* v, float* g, int count, in AdamUpdate.Constants constants) =>
        Lottery.Kernels.AdamUpdate.Reference(w, m, v, g, count, constants);

    protected override void SgdUpdate(float* w, float* v, float* g, int count, in SgdUpdate.Constants constants) =>
        Lottery.Kernels.SgdUpdate.Reference(w, v, g, count, constants);

    protected override void Freeze(float* value, float* frozen, float* trained, int count) =>
        Lottery.Kernels.Freeze.Reference(value, frozen, trained, count);

    /// <summary>The smallest change that a number can have.</summary>
    protected static void FlipLastBit(float* value) => *(int*)value ^= 1;

    protected static void Swap<T>(T* a, T* b) where T : unmanaged => (*a, *b) = (*b, *a);
}
