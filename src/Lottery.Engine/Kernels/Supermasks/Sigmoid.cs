using System.Runtime.CompilerServices;
using Lottery.Kernels.Elementwise;

namespace Lottery.Kernels.Supermasks;

/// <summary>The probability 1 ÷ (1 + e⁻ˢ) that belongs to a score s, and its slope p (1 − p).</summary>
/// <remarks>
/// With e = exp(−|s|) and r = 1 ÷ (1 + e): p = r for s &gt; 0, else e × r; the slope is (e × r) × r, which does not
/// cancel where p is near 1. In single precision, nothing fused. Beyond ±69 a score counts as ±69, where e is 10⁻³⁰, so
/// that no denormal number comes out.
/// </remarks>
internal static class Sigmoid
{
    private const float Most = 69f;

    public static float Probability(float s)
    {
        float e = SoftmaxCrossEntropy.Exp(-MathF.Min(MathF.Abs(s), Most)), r = 1f / (1f + e);
        return s > 0 ? r : e * r;
    }

    public static float Slope(float s)
    {
        float e = SoftmaxCrossEntropy.Exp(-MathF.Min(MathF.Abs(s), Most)), r = 1f / (1f + e);
        return e * r * r;
    }

    /// <summary>Both, since they share an exponential and a division.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWide Probability<TWide>(TWide s, out TWide slope) where TWide : unmanaged, IWide<TWide>
    {
        TWide e = Falling(s), r = TWide.Divide(TWide.Broadcast(1f), TWide.Add(TWide.Broadcast(1f), e)), er = TWide.Multiply(e, r);
        slope = TWide.Multiply(er, r);
        return TWide.WhereGreater(s, TWide.Zero, r, er);
    }

    /// <summary>exp(−|s|), of ±69 beyond that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Falling<TWide>(TWide s) where TWide : unmanaged, IWide<TWide> =>
        SoftmaxCrossEntropy.ExpAboveLeast(TWide.Max(TWide.MinusMagnitude(s), TWide.Broadcast(-Most)));
}
