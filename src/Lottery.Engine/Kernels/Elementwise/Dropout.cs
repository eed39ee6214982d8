using System.Runtime.CompilerServices;
using Lottery.Numerics;

namespace Lottery.Kernels.Elementwise;

/// <summary>
/// y[i] = x[i] ÷ (1 − rate) with probability 1 − rate, else +0 (Srivastava et al. 2014); with a ReLU mask, +0 wherever it
/// is ≤ 0. The gradient is the same kernel on dy with the same stream: what was dropped is recomputed, not stored.
/// </summary>
/// <remarks>
/// Value i is kept where u + ½ &gt; rate × 2²³, u being the upper 23 bits of <see cref="RandomStream.Word"/> first + i.
/// Value by value, one product with 1 ÷ (1 − rate) in single precision. y may be x.
/// </remarks>
internal unsafe ref struct DropoutValues : IKernel
{
    /// <summary>The random numbers of this layer and step.</summary>
    public required RandomStream Random;

    /// <summary>The index of the first value among all that the layer drops in this step, a multiple of 64.</summary>
    public required int First;

    /// <summary>The fraction that is dropped, in [0, 1).</summary>
    public required double Rate;

    /// <summary><c>[count]</c>: values, or their gradients.</summary>
    public required ReadOnlySpan<float> X;

    /// <summary><c>[count]</c>: what a ReLU computed; or empty.</summary>
    public required ReadOnlySpan<float> ReluMask;

    /// <summary><c>[count]</c>, a multiple of 16.</summary>
    public required Span<float> Y;

    private readonly float Bound => (float)(Rate * (1 << 23));

    private readonly float Scale => (float)(1 / (1 - Rate));

    public readonly void Check()
    {
        IKernel.Require(First >= 0 && First % 64 == 0 && Rate is >= 0 and < 1);
        IKernel.Require(Y.Length % 16 == 0 && X.Length >= Y.Length && (ReluMask.IsEmpty || ReluMask.Length >= Y.Length));
    }

    public readonly void Reference()
    {
        (float bound, float scale) = (Bound, Scale);
        for (int i = 0; i < Y.Length; i++)
        {
            bool kept = (Random.Word(First + i) >> 9) + 0.5f > bound;
            Y[i] = kept && (ReluMask.IsEmpty || ReluMask[i] > 0) ? X[i] * scale : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        (uint key0, uint key1) = Random.Key;
        int first = First, count = Y.Length;
        TWide bound = TWide.Broadcast(Bound), scale = TWide.Broadcast(Scale);
        fixed (float* x = X, mask = ReluMask, y = Y)
            for (int i = 0; i < count; i += 64)
            {
                TWide.Philox((uint)((first + i) / 4), key0, key1, out TWide w0, out TWide w1, out TWide w2, out TWide w3);
                Sixteen(i, w0, bound, scale, x, mask, y);
                if (i + 16 < count) Sixteen(i + 16, w1, bound, scale, x, mask, y);
                if (i + 32 < count) Sixteen(i + 32, w2, bound, scale, x, mask, y);
                if (i + 48 < count) Sixteen(i + 48, w3, bound, scale, x, mask, y);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sixteen<TWide>(int i, TWide sampled, TWide bound, TWide scale, float* x, float* mask, float* y)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide value = TWide.WhereGreater(
            TWide.Add(sampled, TWide.Broadcast(0.5f)), bound, TWide.Multiply(TWide.Load(x + i), scale));
        TWide.Store(y + i, mask is null ? value : TWide.WhereGreater(TWide.Load(mask + i), TWide.Zero, value));
    }
}
