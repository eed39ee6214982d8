using System.Numerics;
using System.Runtime.CompilerServices;
using Lottery.Numerics;

namespace Lottery.Kernels.Supermasks;

/// <summary>
/// A Bernoulli mask on weights: masked[i] = w[i] where (u[i] + ½) × 2⁻²³ &lt; sigmoid(s[i]), else +0. Ones counts the ones of
/// the mask, those on a weight of zero too. On the way, the sigmoid's slopes, for <see cref="ScoreGradient"/>.
/// </summary>
/// <remarks>
/// u[i] is the upper 23 bits of <see cref="RandomStream.Word"/> i, so that a score far below zero is never sampled and one
/// far above always is. Value by value; the sigmoid as in <see cref="Sigmoid"/>.
/// </remarks>
internal unsafe ref struct SampleMask : IKernel
{
    private const float Numbers = 1 << 23;

    /// <summary><c>[count]</c>.</summary>
    public required ReadOnlySpan<float> Scores, Weights;

    /// <summary><c>[count]</c>, a multiple of 16.</summary>
    public required Span<float> Masked;

    /// <summary><c>[count]</c>: the slopes p (1 − p), p = sigmoid(s).</summary>
    public required Span<float> Slopes;

    /// <summary>The random numbers of this sample.</summary>
    public required RandomStream Random;

    /// <summary><c>[1]</c>.</summary>
    public required Span<int> Ones;

    public readonly void Check()
    {
        IKernel.Require(Masked.Length % 16 == 0 && Scores.Length == Masked.Length && Weights.Length == Masked.Length);
        IKernel.Require(Slopes.Length == Masked.Length && Ones.Length == 1);
    }

    public readonly void Reference()
    {
        Ones[0] = 0;
        for (int i = 0; i < Masked.Length; i++)
        {
            bool one = (Random.Word(i) >> 9) + 0.5f < Sigmoid.Probability(Scores[i]) * Numbers;
            Masked[i] = one ? Weights[i] : 0;
            Slopes[i] = Sigmoid.Slope(Scores[i]);
            if (one) Ones[0]++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        (uint key0, uint key1) = Random.Key;
        int ones = 0, i = 0, count = Masked.Length;
        fixed (float* s = Scores, w = Weights, e = Masked, d = Slopes)
        {
            for (; i + 64 <= count; i += 64)
            {
                TWide.Philox((uint)(i / 4), key0, key1, out TWide w0, out TWide w1, out TWide w2, out TWide w3);
                ones += Sixteen(s + i, w + i, e + i, d + i, w0) + Sixteen(s + i + 16, w + i + 16, e + i + 16, d + i + 16, w1)
                    + Sixteen(s + i + 32, w + i + 32, e + i + 32, d + i + 32, w2) + Sixteen(s + i + 48, w + i + 48, e + i + 48, d + i + 48, w3);
            }
            if (i < count)
            {
                TWide.Philox((uint)(i / 4), key0, key1, out TWide t0, out TWide t1, out TWide t2, out _);
                ones += Sixteen(s + i, w + i, e + i, d + i, t0);
                if (i + 16 < count) ones += Sixteen(s + i + 16, w + i + 16, e + i + 16, d + i + 16, t1);
                if (i + 32 < count) ones += Sixteen(s + i + 32, w + i + 32, e + i + 32, d + i + 32, t2);
            }
        }
        Ones[0] = ones;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sixteen<TWide>(float* s, float* w, float* e, float* slope, TWide u) where TWide : unmanaged, IWide<TWide>
    {
        TWide bound = TWide.Multiply(Sigmoid.Probability(TWide.Load(s), out TWide d), TWide.Broadcast(Numbers));
        TWide.Store(slope, d);
        TWide sampled = TWide.Add(u, TWide.Broadcast(0.5f));
        TWide.Store(e, TWide.WhereGreater(bound, sampled, TWide.Load(w)));
        return BitOperations.PopCount(TWide.Greater(bound, sampled));
    }
}
