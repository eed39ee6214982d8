namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.BatchMoments"/>
    public Moments BatchMoments(in NormalizationShape shape, int channel, ReadOnlySpan<int> live, ReadOnlySpan<float> x)
    {
        Require(channel >= 0 && channel < shape.Input.Channels && NormalizationShape.AreCounts(live) && shape.Count(live) > 1);
        Require(x.Length >= live.Length * shape.Input.Length);
        fixed (int* lanes = live)
        fixed (float* source = x)
            return BatchMoments(shape, channel, lanes, live.Length, source);
    }

    /// <inheritdoc cref="Kernels.Normalize"/>
    public void Normalize(
        in NormalizationShape shape, int channel, int tiles, ReadOnlySpan<float> x, Span<float> y, in Normalize.Constants constants)
    {
        Require(shape.Fits && channel >= 0 && channel < shape.Input.Channels);
        Require(x.Length >= tiles * shape.Input.Length && y.Length >= tiles * shape.Output.Length);
        fixed (float* source = x, target = y)
            Normalize(shape, channel, tiles, source, target, constants);
    }

    /// <inheritdoc cref="Kernels.GradientMoments"/>
    public (double Sum, double Product) GradientMoments(
        in NormalizationShape shape, int channel, ReadOnlySpan<int> live, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, float mean)
    {
        Require(shape.Fits && channel >= 0 && channel < shape.Input.Channels && NormalizationShape.AreCounts(live));
        Require(x.Length >= live.Length * shape.Input.Length && dy.Length >= live.Length * shape.Output.Length);
        fixed (int* lanes = live)
        fixed (float* source = x, gradient = dy)
            return GradientMoments(shape, channel, lanes, live.Length, source, gradient, mean);
    }

    /// <inheritdoc cref="Kernels.NormalizeGradient"/>
    public void NormalizeGradient(
        in NormalizationShape shape, int channel, ReadOnlySpan<int> live, ReadOnlySpan<float> x, ReadOnlySpan<float> dy,
        Span<float> dx, in NormalizeGradient.Constants constants)
    {
        Require(shape.Fits && channel >= 0 && channel < shape.Input.Channels && NormalizationShape.AreCounts(live));
        Require(x.Length >= live.Length * shape.Input.Length && dy.Length >= live.Length * shape.Output.Length);
        Require(dx.Length >= live.Length * shape.Input.Length);
        fixed (int* lanes = live)
        fixed (float* source = x, gradient = dy, target = dx)
            NormalizeGradient(shape, channel, lanes, live.Length, source, gradient, target, constants);
    }

    protected abstract Moments BatchMoments(in NormalizationShape shape, int channel, int* live, int tiles, float* x);

    protected abstract void Normalize(
        in NormalizationShape shape, int channel, int tiles, float* x, float* y, in Normalize.Constants constants);

    protected abstract (double Sum, double Product) GradientMoments(
        in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float mean);

    protected abstract void NormalizeGradient(
        in NormalizationShape shape, int channel, int* live, int tiles, float* x, float* dy, float* dx,
        in NormalizeGradient.Constants constants);
}
