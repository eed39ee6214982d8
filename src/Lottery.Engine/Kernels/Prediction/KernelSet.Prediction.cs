namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.Interleave"/>
    public void Interleave(ReadOnlySpan<float> values, int features, int count, ReadOnlySpan<int> places, Span<float> x, int lanes)
    {
        Require(places.Length == features && count > 0 && count <= lanes && lanes % 16 == 0);
        Require(values.Length >= (long)count * features && x.Length >= (long)(Last(places) + 1) * lanes);
        fixed (float* source = values, target = x)
        fixed (int* rows = places)
            Interleave(source, features, count, rows, target, lanes);
    }

    /// <inheritdoc cref="Kernels.KeptVector"/>
    public void KeptVector(KeptVectorTable table, ReadOnlySpan<float> x, Span<float> y, bool relu)
    {
        Require(x.Length > table.Inputs && y.Length > table.Rows);
        fixed (float* source = x, target = y)
            KeptVector(table.Layout, source, target, relu);
    }

    /// <inheritdoc cref="Kernels.KeptRuns"/>
    public void KeptRuns(KeptRunsTable table, ReadOnlySpan<float> x, Span<float> y, bool relu)
    {
        Require(x.Length >= table.SourceLength && y.Length >= table.Targets * table.Run);
        fixed (float* w = table.Weights, b = table.Bias, source = x, target = y)
            KeptRuns(table.Stencil, table.Width, w, b, source, target, relu);
    }

    /// <inheritdoc cref="Kernels.Largest"/>
    public void Largest(ReadOnlySpan<float> x, ReadOnlySpan<int> offsets, Span<float> y)
    {
        Require(y.Length % 16 == 0 && offsets.Length > 0 && x.Length >= y.Length + Last(offsets));
        fixed (float* source = x, target = y)
        fixed (int* places = offsets)
            Largest(source, places, offsets.Length, target, y.Length);
    }

    protected abstract void KeptRuns(
        in KeptStencil stencil, int width, float* weights, float* bias, float* source, float* target, bool relu);

    protected abstract void Largest(float* x, int* offsets, int count, float* y, int lanes);

    protected abstract void KeptVector(in KeptVectorLayout layout, float* x, float* y, bool relu);

    protected abstract void Interleave(float* values, int features, int count, int* places, float* x, int lanes);

    /// <summary>The largest place, or −1 without any.</summary>
    private static int Last(ReadOnlySpan<int> places)
    {
        int last = -1;
        foreach (int place in places) last = Math.Max(last, place);
        return last;
    }
}
