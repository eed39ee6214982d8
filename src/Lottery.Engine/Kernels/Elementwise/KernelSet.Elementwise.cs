using Lottery.Networks;

namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.Transpose"/>
    public void Transpose(ReadOnlySpan<float> source, int sourceStride, Span<float> target, int targetStride, int rows, int columns)
    {
        Require(rows % 16 == 0 && columns % 16 == 0 && columns <= sourceStride && rows <= targetStride);
        Require(source.Length >= rows * sourceStride && target.Length >= columns * targetStride);
        fixed (float* from = source, to = target)
            Transpose(from, sourceStride, to, targetStride, rows, columns);
    }

    /// <inheritdoc cref="Kernels.Rectify"/>
    public void Rectify(ReadOnlySpan<float> gate, Span<float> value)
    {
        Require(gate.Length >= value.Length && value.Length % 16 == 0);
        fixed (float* g = gate, v = value)
            Rectify(g, v, value.Length);
    }

    /// <inheritdoc cref="Kernels.BiasGradient"/>
    public void BiasGradient(ReadOnlySpan<float> dy, Span<float> gradient, int rows, int lanes, bool add)
    {
        Require(dy.Length >= rows * lanes && gradient.Length >= rows && lanes % 16 == 0);
        fixed (float* d = dy, g = gradient)
            BiasGradient(d, g, rows, lanes, add);
    }

    /// <inheritdoc cref="Kernels.SoftmaxCrossEntropy"/>
    public double SoftmaxCrossEntropy(Span<float> y, ReadOnlySpan<byte> labels, int classes, int lanes, float scale)
    {
        Require(lanes is > 0 and <= 64 && lanes % 16 == 0 && labels.Length <= lanes && y.Length >= classes * lanes);
        fixed (float* values = y)
        fixed (byte* wanted = labels)
            return SoftmaxCrossEntropy(values, wanted, classes, lanes, labels.Length, scale);
    }

    /// <inheritdoc cref="Kernels.AssembleBatch"/>
    public void AssembleBatch(
        ReadOnlySpan<byte> pixels, int features, ReadOnlySpan<int> examples, ReadOnlySpan<int> next, ReadOnlySpan<int> places,
        PixelScale scale, Span<float> x, int lanes)
    {
        Require(next.IsEmpty || next.Length >= examples.Length);
        Require(places.Length == features && examples.Length <= lanes && lanes % 16 == 0 && examples.Length > 0);
        Require(features % scale.Channels == 0);
        fixed (byte* source = pixels)
        fixed (int* lines = examples, ahead = next, rows = places)
        fixed (float* target = x, numbers = scale.Numbers)
            AssembleBatch(source, features, lines, examples.Length, ahead, rows, numbers, scale.Channels, target, lanes);
    }

    protected abstract void Transpose(float* source, nint sourceStride, float* target, nint targetStride, int rows, int columns);

    protected abstract void Rectify(float* gate, float* value, int count);

    protected abstract void BiasGradient(float* dy, float* gradient, int rows, int lanes, bool add);

    protected abstract double SoftmaxCrossEntropy(float* y, byte* labels, int classes, int lanes, int count, float scale);

    protected abstract void AssembleBatch(
        byte* pixels, int features, int* examples, int count, int* next, int* places, float* scale, int channels, float* x, int lanes);
}
