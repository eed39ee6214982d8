using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Supermasks;

/// <summary>
/// From the gradient of a masked weight to that of its score: ds[i] = slope[i] × (g[i] × w[i] × scale − shift): straight
/// through the sample, the true gradient through the sigmoid, whose slopes <see cref="SampleMask"/> writes.
/// </summary>
/// <remarks>
/// Value by value, in single precision: (g × w) × scale − shift is one product and one fused multiply-add, then × slope.
/// </remarks>
internal unsafe ref struct ScoreGradient : IKernel
{
    /// <summary><c>[count]</c>: the gradient of the masked weights.</summary>
    public required ReadOnlySpan<float> Gradient;

    /// <summary><c>[count]</c>.</summary>
    public required ReadOnlySpan<float> Weights;

    /// <summary><c>[count]</c>.</summary>
    public required ReadOnlySpan<float> Slopes;

    /// <summary><c>[count]</c>, a multiple of 16: the gradient of the scores; may be <see cref="Gradient"/>.</summary>
    public required Span<float> Target;

    /// <summary>The factor of the layer's masked weights, and what rescaling subtracts.</summary>
    public required float Scale, Shift;

    public readonly void Check()
    {
        IKernel.Require(Target.Length % 16 == 0 && Gradient.Length == Target.Length);
        IKernel.Require(Weights.Length == Target.Length && Slopes.Length == Target.Length);
    }

    public readonly void Reference()
    {
        for (int i = 0; i < Target.Length; i++)
            Target[i] = MathF.FusedMultiplyAdd(Gradient[i] * Weights[i], Scale, -Shift) * Slopes[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        TWide scale = TWide.Broadcast(Scale), shift = TWide.Broadcast(-Shift);
        int count = Target.Length;
        fixed (float* g = Gradient, w = Weights, slope = Slopes, target = Target)
            for (int i = 0; i < count; i += 16)
            {
                TWide product = TWide.Multiply(TWide.Load(g + i), TWide.Load(w + i));
                TWide.Store(target + i, TWide.Multiply(TWide.MultiplyAdd(product, scale, shift), TWide.Load(slope + i)));
            }
    }
}
