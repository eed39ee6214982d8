using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Optimizers;

/// <summary>
/// Adam (Kingma &amp; Ba 2015): m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − step × m ÷ (√v + ε′), where step and ε′
/// carry both bias corrections: step = rate × √(1−β₂ᵗ) ÷ (1−β₁ᵗ), ε′ = ε × √(1−β₂ᵗ). AdamW (Loshchilov &amp; Hutter 2019) first
/// multiplies w by 1 − rate × decay; the gradient and the moments know nothing of the decay.
/// </summary>
/// <remarks>
/// Value by value, in single precision; the product with 1 − rate × decay (of Adam 1, which changes no bit) is rounded, the two averages and the last subtraction are one fused multiply-add each.
/// Moments below 10⁻³⁰ become 0: the moments of a weight whose gradient has stopped would otherwise become denormal
/// numbers, which are tens of times slower, for changes far below the last bit of any weight. A frozen weight and its
/// moments keep their values: the new ones are computed and not selected.
/// </remarks>
internal unsafe ref struct AdamUpdate : IKernel
{
    private const float Least = 1e-30f;

    /// <summary><c>[count]</c>, a multiple of 16: the weights.</summary>
    public required Span<float> W;

    /// <summary><c>[count]</c>: the first and the second moments.</summary>
    public required Span<float> M, V;

    /// <summary><c>[count]</c>: the gradient.</summary>
    public required ReadOnlySpan<float> G;

    /// <summary><c>[count ÷ 16]</c>: bit i mod 16 of value i ÷ 16 is set where weight i is trained, otherwise it is frozen; or nothing: all are trained.</summary>
    public ReadOnlySpan<ushort> Trained;

    /// <summary>The constants of this step.</summary>
    public required Constants Step;

    /// <summary>The constants of one step.</summary>
    internal struct Constants
    {
        public float Beta1, OneMinusBeta1, Beta2, OneMinusBeta2, Rate, Epsilon;

        /// <summary>What a weight is multiplied by: 1 − rate × decay of AdamW, 1 of Adam.</summary>
        public required float Shrink;
    }

    public readonly void Check() =>
        IKernel.Require(W.Length % 16 == 0 && M.Length == W.Length && V.Length == W.Length && G.Length >= W.Length
            && (Trained.IsEmpty || Trained.Length >= W.Length / 16));

    public readonly void Reference()
    {
        for (int i = 0; i < W.Length; i++)
        {
            if (!Trained.IsEmpty && (Trained[i / 16] >> i % 16 & 1) == 0) continue;
            float first = MathF.FusedMultiplyAdd(M[i], Step.Beta1, G[i] * Step.OneMinusBeta1);
            float second = MathF.FusedMultiplyAdd(V[i], Step.Beta2, G[i] * G[i] * Step.OneMinusBeta2);
            M[i] = first = MathF.Abs(first) > Least ? first : 0;
            V[i] = second = second > Least ? second : 0;
            W[i] = MathF.FusedMultiplyAdd(first / (MathF.Sqrt(second) + Step.Epsilon), -Step.Rate, W[i] * Step.Shrink);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        Constants c = Step;
        TWide beta1 = TWide.Broadcast(c.Beta1), rest1 = TWide.Broadcast(c.OneMinusBeta1);
        TWide beta2 = TWide.Broadcast(c.Beta2), rest2 = TWide.Broadcast(c.OneMinusBeta2);
        TWide rate = TWide.Broadcast(-c.Rate), epsilon = TWide.Broadcast(c.Epsilon), least = TWide.Broadcast(Least), shrink = TWide.Broadcast(c.Shrink);
        int count = W.Length;
        fixed (ushort* trained = Trained)
        fixed (float* w = W, m = M, v = V, g = G)
            for (int i = 0; i < count; i += 16)
            {
                TWide gradient = TWide.Load(g + i), before = TWide.Load(w + i);
                TWide first = TWide.MultiplyAdd(TWide.Load(m + i), beta1, TWide.Multiply(gradient, rest1));
                TWide second = TWide.MultiplyAdd(
                    TWide.Load(v + i), beta2, TWide.Multiply(TWide.Multiply(gradient, gradient), rest2));
                first = TWide.WhereGreater(TWide.Max(first, TWide.Subtract(TWide.Zero, first)), least, first);
                second = TWide.WhereGreater(second, least, second);
                TWide quotient = TWide.Divide(first, TWide.Add(TWide.SquareRoot(second), epsilon));
                TWide weight = TWide.MultiplyAdd(quotient, rate, TWide.Multiply(before, shrink));
                if (trained != null)
                {
                    ushort bits = trained[i / 16];
                    first = TWide.WhereBit(bits, first, TWide.Load(m + i));
                    second = TWide.WhereBit(bits, second, TWide.Load(v + i));
                    weight = TWide.WhereBit(bits, weight, before);
                }
                TWide.Store(m + i, first);
                TWide.Store(v + i, second);
                TWide.Store(w + i, weight);
            }
    }
}
