using System.Numerics;
using System.Runtime.CompilerServices;
using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>
/// A Bernoulli mask on weights: e[i] = w[i] where (u[i] + ½) × 2⁻²³ &lt; sigmoid(s[i]), else +0. The number of ones in the
/// mask is returned, those on a weight of zero too.
/// </summary>
/// <remarks>
/// u[i] is the upper 23 bits of <see cref="RandomStream.Word"/> i of the stream with this key, so that a score far below
/// zero is never drawn and one far above always. Value by value; the sigmoid as in <see cref="Sigmoid"/>. Shapes: all
/// <c>[count]</c>, count a multiple of 16.
/// </remarks>
internal static unsafe class SampleMask
{
    private const float Numbers = 1 << 23;

    public static int Reference(float* s, float* w, float* e, int count, RandomStream random)
    {
        int ones = 0;
        for (int i = 0; i < count; i++)
        {
            bool one = (random.Word(i) >> 9) + 0.5f < Sigmoid.Probability(s[i]) * Numbers;
            e[i] = one ? w[i] : 0;
            if (one) ones++;
        }
        return ones;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Fast<TWide>(float* s, float* w, float* e, int count, RandomStream random)
        where TWide : unmanaged, IWide<TWide>
    {
        (uint key0, uint key1) = random.Key;
        int ones = 0, i = 0;
        for (; i + 64 <= count; i += 64)
        {
            TWide.Philox((uint)(i / 4), key0, key1, out TWide w0, out TWide w1, out TWide w2, out TWide w3);
            ones += Sixteen(s + i, w + i, e + i, w0) + Sixteen(s + i + 16, w + i + 16, e + i + 16, w1)
                + Sixteen(s + i + 32, w + i + 32, e + i + 32, w2) + Sixteen(s + i + 48, w + i + 48, e + i + 48, w3);
        }
        if (i == count) return ones;
        TWide.Philox((uint)(i / 4), key0, key1, out TWide t0, out TWide t1, out TWide t2, out _);
        ones += Sixteen(s + i, w + i, e + i, t0);
        if (i + 16 < count) ones += Sixteen(s + i + 16, w + i + 16, e + i + 16, t1);
        if (i + 32 < count) ones += Sixteen(s + i + 32, w + i + 32, e + i + 32, t2);
        return ones;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sixteen<TWide>(float* s, float* w, float* e, TWide u) where TWide : unmanaged, IWide<TWide>
    {
        TWide bound = TWide.Multiply(Sigmoid.Probability(TWide.Load(s)), TWide.Broadcast(Numbers));
        TWide drawn = TWide.Add(u, TWide.Broadcast(0.5f));
        TWide.Store(e, TWide.WhereGreater(bound, drawn, TWide.Load(w)));
        return BitOperations.PopCount(TWide.Nonzero(TWide.WhereGreater(bound, drawn, TWide.Broadcast(1f))));
    }
}
