namespace Lottery.Kernels;

/// <summary>The fast bodies at one vector width.</summary>
internal sealed unsafe class FastKernels<TWide, TCounter>(string name) : KernelSet(name)
    where TWide : unmanaged, IWide<TWide>
    where TCounter : struct, ICounter
{
    protected override void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu) =>
        Kernels.KeptForward.Fast<TWide, TCounter>(layout, weights, bias, x, y, lanes, relu);

    protected override void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes) =>
        Kernels.KeptInputGradient.Fast<TWide, TCounter>(columns, weights, dy, x, dx, lanes);

    protected override void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add) =>
        Kernels.KeptWeightGradient.Fast<TWide, TCounter>(layout, tile, x, dy, gradient, lanes, add);

    protected override void ActiveProduct(in ActiveProduct product) => Kernels.ActiveProduct.Fast<TWide, TCounter>(product);

    protected override void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns) =>
        Kernels.ActiveBits.Fast<TWide>(a, stride, bits, rows, columns);

    protected override void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns) =>
        Kernels.Transpose.Fast<TWide>(source, sourceStride, target, targetStride, rows, columns);

    protected override void Rectify(float* gate, float* value, int count) => Kernels.Rectify.Fast<TWide>(gate, value, count);

    protected override void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add) =>
        Kernels.BiasGradient.Fast<TWide>(dy, gradient, rows, lanes, add);

    protected override double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale) =>
        Kernels.SoftmaxCrossEntropy.Fast<TWide>(y, labels, classes, lanes, count, scale);

    protected override void AssembleBatch(byte* pixels, int features, int* examples, int count, int* next, int* places, float* x, int lanes) =>
        Kernels.AssembleBatch.Fast<TWide>(pixels, features, examples, count, next, places, x, lanes);

    protected override void AdamUpdate(float* w, float* m, float* v, float* g, int count, in AdamUpdate.Constants constants) =>
        Kernels.AdamUpdate.Fast<TWide>(w, m, v, g, count, constants);

    protected override void SgdUpdate(float* w, float* v, float* g, int count, in SgdUpdate.Constants constants) =>
        Kernels.SgdUpdate.Fast<TWide>(w, v, g, count, constants);

    protected override void Freeze(float* value, float* frozen, float* trained, int count) =>
        Kernels.Freeze.Fast<TWide>(value, frozen, trained, count);
}
