namespace Lottery.Kernels;

/// <summary>Every kernel, in one version: the plain loops, or the fast bodies at one vector width. All find the same bits.</summary>
internal abstract unsafe class KernelSet(string name)
{
    /// <summary><c>reference</c>, <c>vector128</c>, <c>vector256</c> or <c>vector512</c>.</summary>
    public string Name { get; } = name;

    public abstract void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu);

    public abstract void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes);

    public abstract void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add);

    public abstract void ActiveProduct(in ActiveProduct product);

    public abstract void ActiveBits(float* a, nint stride, ulong* bits, int rows, int columns);

    public abstract void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns);

    public abstract void Rectify(float* gate, float* value, int count);

    public abstract void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add);

    public abstract double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale);

    public abstract void AssembleBatch(byte* pixels, int features, int* examples, int count, int* places, float* x, int lanes);

    public abstract void AdamUpdate(float* w, float* m, float* v, float* g, int count, in AdamUpdate.Constants constants);

    public abstract void SgdUpdate(float* w, float* v, float* g, int count, in SgdUpdate.Constants constants);
}
