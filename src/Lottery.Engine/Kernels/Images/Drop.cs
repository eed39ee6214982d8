using System.Runtime.CompilerServices;
using Lottery.Numerics;

namespace Lottery.Kernels;

/// <summary>
/// y[i] = x[i] ÷ (1 − rate) with probability 1 − rate, else +0 (Srivastava et al. 2014); with a gate, +0 wherever it is ≤ 0.
/// The gradient is the same kernel on dy, with the same stream and place: what was dropped is drawn again, not stored.
/// </summary>
/// <remarks>
/// Value i is kept where u + ½ &gt; rate × 2²³, u being the upper 23 bits of <see cref="RandomStream.Word"/> first + i.
/// Value by value, one product with 1 ÷ (1 − rate) in single precision. Shapes: x, gate (or null) and y <c>[count]</c>,
/// count a multiple of 16, first a multiple of 64. y may be x.
/// </remarks>
internal static unsafe class Drop
{
    /// <summary>The constants of one rate.</summary>
    /// <param name="Bound">rate × 2²³.</param>
    /// <param name="Scale">1 ÷ (1 − rate).</param>
    public readonly record struct Constants(float Bound, float Scale)
    {
        /// <summary>Those of a rate in [0, 1).</summary>
        public static Constants Of(double rate) => new((float)(rate * (1 << 23)), (float)(1 / (1 - rate)));
    }

    public static void Reference(RandomStream random, int first, float* x, float* gate, float* y, int count, in Constants c)
    {
        for (int i = 0; i < count; i++)
        {
            bool kept = (random.Word(first + i) >> 9) + 0.5f > c.Bound;
            y[i] = kept && (gate is null || gate[i] > 0) ? x[i] * c.Scale : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(RandomStream random, int first, float* x, float* gate, float* y, int count, in Constants c)
        where TWide : unmanaged, IWide<TWide>
    {
        (uint key0, uint key1) = random.Key;
        TWide bound = TWide.Broadcast(c.Bound), scale = TWide.Broadcast(c.Scale);
        for (int i = 0; i < count; i += 64)
        {
            TWide.Philox((uint)((first + i) / 4), key0, key1, out TWide w0, out TWide w1, out TWide w2, out TWide w3);
            Sixteen(i, w0, bound, scale, x, gate, y);
            if (i + 16 < count) Sixteen(i + 16, w1, bound, scale, x, gate, y);
            if (i + 32 < count) Sixteen(i + 32, w2, bound, scale, x, gate, y);
            if (i + 48 < count) Sixteen(i + 48, w3, bound, scale, x, gate, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sixteen<TWide>(int i, TWide drawn, TWide bound, TWide scale, float* x, float* gate, float* y)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide value = TWide.WhereGreater(
            TWide.Add(drawn, TWide.Broadcast(0.5f)), bound, TWide.Multiply(TWide.Load(x + i), scale));
        TWide.Store(y + i, gate is null ? value : TWide.WhereGreater(TWide.Load(gate + i), TWide.Zero, value));
    }
}
