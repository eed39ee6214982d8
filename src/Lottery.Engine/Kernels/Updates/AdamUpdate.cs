using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// Adam (Kingma &amp; Ba 2015): m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − step × m ÷ (√v + ε′), where step and ε′
/// carry both bias corrections: step = rate × √(1−β₂ᵗ) ÷ (1−β₁ᵗ), ε′ = ε × √(1−β₂ᵗ).
/// </summary>
/// <remarks>
/// Value by value, in single precision; the two averages and the last subtraction are one fused multiply-add each.
/// Moments below 10⁻³⁰ become 0: a weight whose gradient has stopped would otherwise be worked on in denormal numbers,
/// tens of times slower, for changes far below the last bit of any weight. Shapes: all <c>[count]</c>, with room for a
/// multiple of 16.
/// </remarks>
internal static unsafe class AdamUpdate
{
    private const float Least = 1e-30f;

    /// <summary>The constants of one step.</summary>
    public struct Constants
    {
        public float Beta1, OneMinusBeta1, Beta2, OneMinusBeta2, Step, Epsilon;
    }

    public static void Reference(float* w, float* m, float* v, float* g, int count, in Constants c)
    {
        for (int i = 0; i < count; i++)
        {
            float first = MathF.FusedMultiplyAdd(m[i], c.Beta1, g[i] * c.OneMinusBeta1);
            float second = MathF.FusedMultiplyAdd(v[i], c.Beta2, g[i] * g[i] * c.OneMinusBeta2);
            m[i] = first = MathF.Abs(first) > Least ? first : 0;
            v[i] = second = second > Least ? second : 0;
            w[i] = MathF.FusedMultiplyAdd(first / (MathF.Sqrt(second) + c.Epsilon), -c.Step, w[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* w, float* m, float* v, float* g, int count, in Constants c)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide beta1 = TWide.Broadcast(c.Beta1), rest1 = TWide.Broadcast(c.OneMinusBeta1);
        TWide beta2 = TWide.Broadcast(c.Beta2), rest2 = TWide.Broadcast(c.OneMinusBeta2);
        TWide step = TWide.Broadcast(-c.Step), epsilon = TWide.Broadcast(c.Epsilon), least = TWide.Broadcast(Least);
        for (int i = 0; i < count; i += 16)
        {
            TWide gradient = TWide.Load(g + i);
            TWide first = TWide.MultiplyAdd(TWide.Load(m + i), beta1, TWide.Multiply(gradient, rest1));
            TWide second = TWide.MultiplyAdd(
                TWide.Load(v + i), beta2, TWide.Multiply(TWide.Multiply(gradient, gradient), rest2));
            first = TWide.WhereGreater(TWide.Max(first, TWide.Subtract(TWide.Zero, first)), least, first);
            second = TWide.WhereGreater(second, least, second);
            TWide.Store(m + i, first);
            TWide.Store(v + i, second);
            TWide quotient = TWide.Divide(first, TWide.Add(TWide.SquareRoot(second), epsilon));
            TWide.Store(w + i, TWide.MultiplyAdd(quotient, step, TWide.Load(w + i)));
        }
    }
}
