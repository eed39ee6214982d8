using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// From the gradient of a masked weight to that of its score: ds[i] = p (1 − p) × (g[i] × w[i] × scale − shift), with
/// p = sigmoid(s[i]): straight through the sample, the true gradient through the sigmoid.
/// </summary>
/// <remarks>
/// Value by value, in single precision: (g × w) × scale − shift is one product and one fused multiply-add, then × slope
/// (<see cref="Sigmoid"/>). Shapes: all <c>[count]</c>, count a multiple of 16; target may be g.
/// </remarks>
internal static unsafe class ScoreGradient
{
    public static void Reference(float* g, float* w, float* s, float* target, int count, float scale, float shift)
    {
        for (int i = 0; i < count; i++)
            target[i] = MathF.FusedMultiplyAdd(g[i] * w[i], scale, -shift) * Sigmoid.Slope(s[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* g, float* w, float* s, float* target, int count, float scale, float shift)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide factor = TWide.Broadcast(scale), less = TWide.Broadcast(-shift);
        for (int i = 0; i < count; i += 16)
        {
            TWide product = TWide.Multiply(TWide.Load(g + i), TWide.Load(w + i));
            TWide.Store(target + i, TWide.Multiply(
                TWide.MultiplyAdd(product, factor, less), Sigmoid.Slope(TWide.Load(s + i))));
        }
    }
}
