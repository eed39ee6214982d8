namespace Lottery.Kernels;

/// <summary>The plain loops: what every other version must agree with to the bit, and what runs where the processor cannot multiply and add in one rounding.</summary>
internal sealed unsafe class ReferenceKernels() : KernelSet("reference")
{
    protected override void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu) =>
        Kernels.KeptForward.Reference(layout, weights, bias, x, y, lanes, relu);

    protected override void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes) =>
        Kernels.KeptInputGradient.Reference(columns, weights, dy, x, dx, lanes);

    protected override void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add) =>
        Kernels.KeptWeightGradient.Reference(layout, tile, x, dy, gradient, lanes, add);

    protected override void ActiveProduct(in ActiveProduct product) => Kernels.ActiveProduct.Reference(product);

    protected override void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns) =>
        Kernels.ActiveBits.Reference(a, stride, bits, rows, columns);

    protected override void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns) =>
        Kernels.Transpose.Reference(source, sourceStride, target, targetStride, rows, columns);

    protected override void Rectify(float* gate, float* value, int count) => Kernels.Rectify.Reference(gate, value, count);

    protected override void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add) =>
        Kernels.BiasGradient.Reference(dy, gradient, rows, lanes, add);

    protected override double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale) =>
        Kernels.SoftmaxCrossEntropy.Reference(y, labels, classes, lanes, count, scale);

    protected override void AssembleBatch(byte* pixels, int features, int* examples, int count, int* next, int* places, float* x, int lanes) =>
        Kernels.AssembleBatch.Reference(pixels, features, examples, count, next, places, x, lanes);

    protected override void AdamUpdate(float* w, float* m, float* v, float* g, int count, in AdamUpdate.Constants constants) =>
        Kernels.AdamUpdate.Reference(w, m, v, g, count, constants);

    protected override void SgdUpdate(float* w, float* v, float* g, int count, in SgdUpdate.Constants constants) =>
        Kernels.SgdUpdate.Reference(w, v, g, count, constants);

    protected override void Freeze(float* value, float* frozen, float* trained, int count) =>
        Kernels.Freeze.Reference(value, frozen, trained, count);
}
