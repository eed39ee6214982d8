namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.KeptForward"/>
    public void KeptForward(
        KeptTable table, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> x, Span<float> y,
        int lanes, bool relu)
    {
        Require(weights.Length >= table.Layout.Kept && bias.Length >= table.Layout.Rows && lanes % 16 == 0);
        Require(x.Length >= table.Inputs * lanes && y.Length >= table.Layout.Rows * lanes);
        fixed (float* w = weights, b = bias, source = x, target = y)
            KeptForward(table.Layout, w, b, source, target, lanes, relu);
    }

    /// <inheritdoc cref="Kernels.KeptInputGradient"/>
    public void KeptInputGradient(
        KeptTable table, ReadOnlySpan<float> weights, ReadOnlySpan<float> dy, ReadOnlySpan<float> x, Span<float> dx, int lanes)
    {
        Require(weights.Length >= table.Layout.Kept && dy.Length >= table.Layout.Rows * lanes && lanes % 16 == 0);
        Require((x.IsEmpty || x.Length >= table.Inputs * lanes) && dx.Length >= table.Inputs * lanes);
        fixed (float* w = weights, d = dy, source = x, target = dx)
            KeptInputGradient(table.Columns, w, d, source, target, lanes);
    }

    /// <inheritdoc cref="Kernels.KeptWeightGradient"/>
    public void KeptWeightGradient(
        KeptTable table, int tile, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> gradient, int lanes, bool add)
    {
        (int start, int end) = table.Tile(tile);
        Require(gradient.Length >= end - start && dy.Length >= table.Layout.Rows * lanes && lanes % 16 == 0);
        Require(x.Length >= table.Inputs * lanes);
        fixed (float* source = x, d = dy, g = gradient)
            KeptWeightGradient(table.Layout, tile, source, d, g, lanes, add);
    }

    protected abstract void KeptForward(in KeptLayout layout, float* weights, float* bias, float* x, float* y, int lanes, bool relu);

    protected abstract void KeptInputGradient(in KeptColumns columns, float* weights, float* dy, float* x, float* dx, int lanes);

    protected abstract void KeptWeightGradient(in KeptLayout layout, int tile, float* x, float* dy, float* gradient, int lanes, bool add);
}
