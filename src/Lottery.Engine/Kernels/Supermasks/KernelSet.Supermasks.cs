using Lottery.Numerics;

namespace Lottery.Kernels;

internal abstract unsafe partial class KernelSet
{
    /// <inheritdoc cref="Kernels.SampleMask"/>
    public int SampleMask(ReadOnlySpan<float> scores, ReadOnlySpan<float> weights, Span<float> masked, RandomStream random)
    {
        Require(masked.Length % 16 == 0 && scores.Length == masked.Length && weights.Length == masked.Length);
        fixed (float* s = scores, w = weights, e = masked)
            return SampleMask(s, w, e, masked.Length, random);
    }

    /// <inheritdoc cref="Kernels.ScoreGradient"/>
    public void ScoreGradient(
        ReadOnlySpan<float> gradient, ReadOnlySpan<float> weights, ReadOnlySpan<float> scores, Span<float> target, float scale,
        float shift)
    {
        Require(target.Length % 16 == 0 && gradient.Length == target.Length);
        Require(weights.Length == target.Length && scores.Length == target.Length);
        fixed (float* g = gradient, w = weights, s = scores, t = target)
            ScoreGradient(g, w, s, t, target.Length, scale, shift);
    }

    /// <inheritdoc cref="Kernels.Scale"/>
    public void Scale(Span<float> values, float factor)
    {
        Require(values.Length % 16 == 0);
        fixed (float* v = values)
            Scale(v, values.Length, factor);
    }

    /// <inheritdoc cref="Kernels.LaneSum"/>
    public float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Require(a.Length % 16 == 0 && b.Length == a.Length);
        fixed (float* left = a, right = b)
            return Dot(left, right, a.Length);
    }

    protected abstract int SampleMask(float* scores, float* weights, float* masked, int count, RandomStream random);

    protected abstract void ScoreGradient(
        float* gradient, float* weights, float* scores, float* target, int count, float scale, float shift);

    protected abstract void Scale(float* values, int count, float factor);

    protected abstract float Dot(float* a, float* b, int lanes);
}
