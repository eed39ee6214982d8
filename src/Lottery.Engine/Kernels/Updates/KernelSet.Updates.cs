namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.AdamUpdate"/>
    public void AdamUpdate(Span<float> w, Span<float> m, Span<float> v, ReadOnlySpan<float> g, in AdamUpdate.Constants constants)
    {
        Require(w.Length % 16 == 0 && m.Length == w.Length && v.Length == w.Length && g.Length >= w.Length);
        fixed (float* weights = w, first = m, second = v, gradient = g)
            AdamUpdate(weights, first, second, gradient, w.Length, constants);
    }

    /// <inheritdoc cref="Kernels.SgdUpdate"/>
    public void SgdUpdate(Span<float> w, Span<float> v, ReadOnlySpan<float> g, in SgdUpdate.Constants constants)
    {
        Require(w.Length % 16 == 0 && v.Length == w.Length && g.Length >= w.Length);
        fixed (float* weights = w, velocity = v, gradient = g)
            SgdUpdate(weights, velocity, gradient, w.Length, constants);
    }

    /// <inheritdoc cref="Kernels.Freeze"/>
    public void Freeze(Span<float> value, ReadOnlySpan<float> frozen, ReadOnlySpan<float> trained)
    {
        Require(value.Length % 16 == 0 && frozen.Length == value.Length && trained.Length == value.Length);
        fixed (float* v = value, f = frozen, t = trained)
            Freeze(v, f, t, value.Length);
    }

    protected abstract void AdamUpdate(float* w, float* m, float* v, float* g, int count, in AdamUpdate.Constants constants);

    protected abstract void SgdUpdate(float* w, float* v, float* g, int count, in SgdUpdate.Constants constants);

    protected abstract void Freeze(float* value, float* frozen, float* trained, int count);
}
