using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// target[row] = start + Σ a[row][j] × m[j] over the j with a[row][j] ≠ 0: the one matrix product of dense layers.
/// Forward, a is a batch of inputs; for the weight gradient, the inputs by feature; for the input gradient, dy.
/// Images are mostly black and rectified units mostly silent, so what is zero is never multiplied.
/// </summary>
/// <remarks>
/// Order: start (or +0, or what target holds), then one fused multiply-add for every active j, ascending.
/// Shapes: a <c>[rows, 64 × words]</c>, active <c>[rows, words]</c> (bit j of a row's words: a ≠ 0), m
/// <c>[64 × words, columns]</c>, start <c>[columns]</c>, target <c>[rows, columns]</c>; columns a multiple of 16.
/// </remarks>
internal unsafe struct ActiveProduct
{
    public float* A;
    public nint AStride;
    public ulong* Active;
    public int Words;
    public float* M;
    public nint MStride;

    /// <summary>One value a column, or null for +0.</summary>
    public float* Start;
    public float* Target;
    public nint TargetStride;
    public int Rows;
    public int Columns;

    /// <summary>Adds to what target holds, instead of beginning with start.</summary>
    public bool Add;

    public static void Reference(in ActiveProduct p)
    {
        for (int row = 0; row < p.Rows; row++)
            for (int column = 0; column < p.Columns; column++)
            {
                float* target = p.Target + row * p.TargetStride + column;
                float sum = p.Add ? *target : p.Start == null ? 0 : p.Start[column];
                for (int j = 0; j < 64 * p.Words; j++)
                    if ((p.Active[row * p.Words + j / 64] >> j & 1) != 0)
                        sum = MathF.FusedMultiplyAdd(p.A[row * p.AStride + j], p.M[j * p.MStride + column], sum);
                *target = sum;
            }
    }

    /// <summary>
    /// Column tiles of up to 112 values are kept in registers; 64 rows of m under a tile (28 KB) stay in the first-level
    /// cache while every row of a passes over them.
    /// The bodies below are alike but for the number of sums: named locals stay in registers, an array of them would not.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide, TCounter>(in ActiveProduct p)
        where TWide : unmanaged, IWide<TWide>
        where TCounter : struct, ICounter
    {
        int left = p.Columns / 16, width;
        for (int column = 0; left > 0; left -= width, column += 16 * width)
        {
            width = left >= 7 && left % 6 == 1 ? 7 : left >= 6 ? 6 : left >= 4 ? 4 : 1;
            for (int word = 0; word < p.Words; word++)
            {
                TCounter.MultiplyAdds(16L * width * Count(p, word));
                switch (width)
                {
                    case 7: Seven<TWide>(p, word, column); break;
                    case 6: Six<TWide>(p, word, column); break;
                    case 4: Four<TWide>(p, word, column); break;
                    default: One<TWide>(p, word, column); break;
                }
            }
        }
    }

    private static long Count(in ActiveProduct p, int word)
    {
        long count = 0;
        for (int row = 0; row < p.Rows; row++) count += BitOperations.PopCount(p.Active[row * p.Words + word]);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Seven<TWide>(in ActiveProduct p, int word, int column) where TWide : unmanaged, IWide<TWide>
    {
        float* source = p.A + word * 64, target = p.Target + column, matrix = p.M + word * 64 * p.MStride + column;
        nint aStride = p.AStride, mStride = p.MStride, targetStride = p.TargetStride;
        ulong* active = p.Active + word;
        int words = p.Words, rows = p.Rows;
        for (int row = 0; row < rows; row++, source += aStride, target += targetStride, active += words)
        {
            float* start = word > 0 || p.Add ? target : p.Start == null ? null : p.Start + column;
            TWide s0 = Begin<TWide>(start, 0), s1 = Begin<TWide>(start, 16), s2 = Begin<TWide>(start, 32),
                  s3 = Begin<TWide>(start, 48), s4 = Begin<TWide>(start, 64), s5 = Begin<TWide>(start, 80),
                  s6 = Begin<TWide>(start, 96);
            for (ulong bits = *active; bits != 0; bits &= bits - 1)
            {
                nint j = BitOperations.TrailingZeroCount(bits);
                TWide a = TWide.Broadcast(source[j]);
                float* m = matrix + j * mStride;
                s0 = TWide.MultiplyAdd(a, TWide.Load(m), s0);
                s1 = TWide.MultiplyAdd(a, TWide.Load(m + 16), s1);
                s2 = TWide.MultiplyAdd(a, TWide.Load(m + 32), s2);
                s3 = TWide.MultiplyAdd(a, TWide.Load(m + 48), s3);
                s4 = TWide.MultiplyAdd(a, TWide.Load(m + 64), s4);
                s5 = TWide.MultiplyAdd(a, TWide.Load(m + 80), s5);
                s6 = TWide.MultiplyAdd(a, TWide.Load(m + 96), s6);
            }
            TWide.Store(target, s0);
            TWide.Store(target + 16, s1);
            TWide.Store(target + 32, s2);
            TWide.Store(target + 48, s3);
            TWide.Store(target + 64, s4);
            TWide.Store(target + 80, s5);
            TWide.Store(target + 96, s6);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six<TWide>(in ActiveProduct p, int word, int column) where TWide : unmanaged, IWide<TWide>
    {
        float* source = p.A + word * 64, target = p.Target + column, matrix = p.M + word * 64 * p.MStride + column;
        nint aStride = p.AStride, mStride = p.MStride, targetStride = p.TargetStride;
        ulong* active = p.Active + word;
        int words = p.Words, rows = p.Rows;
        for (int row = 0; row < rows; row++, source += aStride, target += targetStride, active += words)
        {
            float* start = word > 0 || p.Add ? target : p.Start == null ? null : p.Start + column;
            TWide s0 = Begin<TWide>(start, 0), s1 = Begin<TWide>(start, 16), s2 = Begin<TWide>(start, 32),
                  s3 = Begin<TWide>(start, 48), s4 = Begin<TWide>(start, 64), s5 = Begin<TWide>(start, 80);
            for (ulong bits = *active; bits != 0; bits &= bits - 1)
            {
                nint j = BitOperations.TrailingZeroCount(bits);
                TWide a = TWide.Broadcast(source[j]);
                float* m = matrix + j * mStride;
                s0 = TWide.MultiplyAdd(a, TWide.Load(m), s0);
                s1 = TWide.MultiplyAdd(a, TWide.Load(m + 16), s1);
                s2 = TWide.MultiplyAdd(a, TWide.Load(m + 32), s2);
                s3 = TWide.MultiplyAdd(a, TWide.Load(m + 48), s3);
                s4 = TWide.MultiplyAdd(a, TWide.Load(m + 64), s4);
                s5 = TWide.MultiplyAdd(a, TWide.Load(m + 80), s5);
            }
            TWide.Store(target, s0);
            TWide.Store(target + 16, s1);
            TWide.Store(target + 32, s2);
            TWide.Store(target + 48, s3);
            TWide.Store(target + 64, s4);
            TWide.Store(target + 80, s5);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TWide>(in ActiveProduct p, int word, int column) where TWide : unmanaged, IWide<TWide>
    {
        float* source = p.A + word * 64, target = p.Target + column, matrix = p.M + word * 64 * p.MStride + column;
        nint aStride = p.AStride, mStride = p.MStride, targetStride = p.TargetStride;
        ulong* active = p.Active + word;
        int words = p.Words, rows = p.Rows;
        for (int row = 0; row < rows; row++, source += aStride, target += targetStride, active += words)
        {
            float* start = word > 0 || p.Add ? target : p.Start == null ? null : p.Start + column;
            TWide s0 = Begin<TWide>(start, 0), s1 = Begin<TWide>(start, 16), s2 = Begin<TWide>(start, 32),
                  s3 = Begin<TWide>(start, 48);
            for (ulong bits = *active; bits != 0; bits &= bits - 1)
            {
                nint j = BitOperations.TrailingZeroCount(bits);
                TWide a = TWide.Broadcast(source[j]);
                float* m = matrix + j * mStride;
                s0 = TWide.MultiplyAdd(a, TWide.Load(m), s0);
                s1 = TWide.MultiplyAdd(a, TWide.Load(m + 16), s1);
                s2 = TWide.MultiplyAdd(a, TWide.Load(m + 32), s2);
                s3 = TWide.MultiplyAdd(a, TWide.Load(m + 48), s3);
            }
            TWide.Store(target, s0);
            TWide.Store(target + 16, s1);
            TWide.Store(target + 32, s2);
            TWide.Store(target + 48, s3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TWide>(in ActiveProduct p, int word, int column) where TWide : unmanaged, IWide<TWide>
    {
        float* source = p.A + word * 64, target = p.Target + column, matrix = p.M + word * 64 * p.MStride + column;
        nint aStride = p.AStride, mStride = p.MStride, targetStride = p.TargetStride;
        ulong* active = p.Active + word;
        int words = p.Words, rows = p.Rows;
        for (int row = 0; row < rows; row++, source += aStride, target += targetStride, active += words)
        {
            float* start = word > 0 || p.Add ? target : p.Start == null ? null : p.Start + column;
            TWide s0 = Begin<TWide>(start, 0);
            for (ulong bits = *active; bits != 0; bits &= bits - 1)
            {
                nint j = BitOperations.TrailingZeroCount(bits);
                TWide a = TWide.Broadcast(source[j]);
                float* m = matrix + j * mStride;
                s0 = TWide.MultiplyAdd(a, TWide.Load(m), s0);
            }
            TWide.Store(target, s0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Begin<TWide>(float* start, int offset) where TWide : unmanaged, IWide<TWide> =>
        start == null ? TWide.Zero : TWide.Load(start + offset);
}
