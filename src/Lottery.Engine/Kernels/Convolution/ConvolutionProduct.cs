using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Convolution;

/// <summary>
/// target[i][j] (+)= start[i] + Σ a[i][k] × m[k][j]: the matrix product of every dense convolution. Rows of a are
/// broadcast, rows of m and target are vectors.
/// </summary>
/// <remarks>
/// Order: start (or +0), then one fused multiply-add for every k, ascending; with <c>Add</c>, the target's value is added
/// to that at the end. Shapes: a <c>[rows, inner]</c> with any two strides, m <c>[inner, 16 × vectors]</c>, start
/// <c>[rows]</c>, target <c>[rows, 16 × vectors]</c>.
/// </remarks>
internal unsafe struct ConvolutionProduct
{
    public float* A;

    /// <summary>Values of a from one k to the next.</summary>
    public nint AStep;

    /// <summary>Values of a from one row to the next.</summary>
    public nint AStride;
    public float* M;
    public nint MStride;

    /// <summary>One value a row, or null for +0.</summary>
    public float* Start;
    public float* Target;
    public nint TargetStride;
    public int Rows;
    public int Inner;
    public int Vectors;

    /// <summary>Whether the target's values are added.</summary>
    public bool Add;

    /// <summary>
    /// 32 registers hold 4 rows × 4 vectors, four vectors of m and a broadcast value, and sixteen sums hide the latency
    /// of the multiply-add. Where sixteen lanes take several registers, one vector is enough.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(in ConvolutionProduct p)
        where TWide : unmanaged, IWide<TWide>
    {
        int vector = 0;
        if (TWide.Registers == 1)
        {
            for (; vector + 4 <= p.Vectors; vector += 4) Panel<TWide, FourVectors>(p, vector);
            for (; vector + 2 <= p.Vectors; vector += 2) Panel<TWide, TwoVectors>(p, vector);
        }
        for (; vector < p.Vectors; vector++) Panel<TWide, OneVector>(p, vector);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Panel<TWide, TVectors>(in ConvolutionProduct p, int vector)
        where TWide : unmanaged, IWide<TWide>
        where TVectors : struct, IVectorCount
    {
        int row = 0;
        if (TVectors.Count == 1 && TWide.Registers == 1)
            for (; row + 8 <= p.Rows; row += 8) Eight<TWide>(p, row, vector);
        for (; row + 4 <= p.Rows; row += 4) Four<TWide, TVectors>(p, row, vector);
        for (; row < p.Rows; row++) One<TWide, TVectors>(p, row, vector);
    }

    /// <summary>Sums that a narrower tile does not have are never used, so the compiler removes them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TWide, TVectors>(in ConvolutionProduct p, int row, int vector)
        where TWide : unmanaged, IWide<TWide>
        where TVectors : struct, IVectorCount
    {
        float* a = p.A + row * p.AStride, m = p.M + vector * 16;
        nint step = p.AStep, one = p.AStride, two = 2 * one, three = 3 * one, next = p.MStride;
        TWide s00 = TWide.Zero, s10 = TWide.Zero, s20 = TWide.Zero, s30 = TWide.Zero;
        if (p.Start != null)
        {
            float* start = p.Start + row;
            (s00, s10, s20, s30) = (TWide.Broadcast(start[0]), TWide.Broadcast(start[1]), TWide.Broadcast(start[2]), TWide.Broadcast(start[3]));
        }
        TWide s01 = s00, s11 = s10, s21 = s20, s31 = s30, s02 = s00, s12 = s10, s22 = s20, s32 = s30;
        TWide s03 = s00, s13 = s10, s23 = s20, s33 = s30;
        for (int k = p.Inner; k > 0; k--, a += step, m += next)
        {
            TWide m0 = TWide.Load(m), m1 = default, m2 = default, m3 = default;
            if (TVectors.Count > 1) m1 = TWide.Load(m + 16);
            if (TVectors.Count > 2) (m2, m3) = (TWide.Load(m + 32), TWide.Load(m + 48));
            TWide b = TWide.Broadcast(a[0]);
            s00 = TWide.MultiplyAdd(b, m0, s00);
            if (TVectors.Count > 1) s01 = TWide.MultiplyAdd(b, m1, s01);
            if (TVectors.Count > 2) s02 = TWide.MultiplyAdd(b, m2, s02);
            if (TVectors.Count > 2) s03 = TWide.MultiplyAdd(b, m3, s03);
            b = TWide.Broadcast(a[one]);
            s10 = TWide.MultiplyAdd(b, m0, s10);
            if (TVectors.Count > 1) s11 = TWide.MultiplyAdd(b, m1, s11);
            if (TVectors.Count > 2) s12 = TWide.MultiplyAdd(b, m2, s12);
            if (TVectors.Count > 2) s13 = TWide.MultiplyAdd(b, m3, s13);
            b = TWide.Broadcast(a[two]);
            s20 = TWide.MultiplyAdd(b, m0, s20);
            if (TVectors.Count > 1) s21 = TWide.MultiplyAdd(b, m1, s21);
            if (TVectors.Count > 2) s22 = TWide.MultiplyAdd(b, m2, s22);
            if (TVectors.Count > 2) s23 = TWide.MultiplyAdd(b, m3, s23);
            b = TWide.Broadcast(a[three]);
            s30 = TWide.MultiplyAdd(b, m0, s30);
            if (TVectors.Count > 1) s31 = TWide.MultiplyAdd(b, m1, s31);
            if (TVectors.Count > 2) s32 = TWide.MultiplyAdd(b, m2, s32);
            if (TVectors.Count > 2) s33 = TWide.MultiplyAdd(b, m3, s33);
        }
        float* target = p.Target + row * p.TargetStride + vector * 16;
        nint stride = p.TargetStride;
        bool add = p.Add;
        Finish<TWide, TVectors>(target, s00, s01, s02, s03, add);
        Finish<TWide, TVectors>(target + stride, s10, s11, s12, s13, add);
        Finish<TWide, TVectors>(target + 2 * stride, s20, s21, s22, s23, add);
        Finish<TWide, TVectors>(target + 3 * stride, s30, s31, s32, s33, add);
    }

    /// <summary>Eight rows of one vector: with four, every multiply-add would wait for the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<TWide>(in ConvolutionProduct p, int row, int vector) where TWide : unmanaged, IWide<TWide>
    {
        nint step = p.AStep, one = p.AStride, three = 3 * one, next = p.MStride, stride = p.TargetStride;
        float* a = p.A + row * one, b = a + 4 * one, m = p.M + vector * 16, target = p.Target + row * stride + vector * 16;
        TWide s0 = TWide.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        if (p.Start != null)
        {
            float* start = p.Start + row;
            (s0, s1, s2, s3) = (TWide.Broadcast(start[0]), TWide.Broadcast(start[1]), TWide.Broadcast(start[2]), TWide.Broadcast(start[3]));
            (s4, s5, s6, s7) = (TWide.Broadcast(start[4]), TWide.Broadcast(start[5]), TWide.Broadcast(start[6]), TWide.Broadcast(start[7]));
        }
        for (int k = p.Inner; k > 0; k--, a += step, b += step, m += next)
        {
            TWide value = TWide.Load(m);
            s0 = TWide.MultiplyAdd(TWide.Broadcast(a[0]), value, s0);
            s1 = TWide.MultiplyAdd(TWide.Broadcast(a[one]), value, s1);
            s2 = TWide.MultiplyAdd(TWide.Broadcast(a[2 * one]), value, s2);
            s3 = TWide.MultiplyAdd(TWide.Broadcast(a[three]), value, s3);
            s4 = TWide.MultiplyAdd(TWide.Broadcast(b[0]), value, s4);
            s5 = TWide.MultiplyAdd(TWide.Broadcast(b[one]), value, s5);
            s6 = TWide.MultiplyAdd(TWide.Broadcast(b[2 * one]), value, s6);
            s7 = TWide.MultiplyAdd(TWide.Broadcast(b[three]), value, s7);
        }
        bool add = p.Add;
        Finish<TWide, OneVector>(target, s0, s0, s0, s0, add);
        Finish<TWide, OneVector>(target + stride, s1, s1, s1, s1, add);
        Finish<TWide, OneVector>(target + 2 * stride, s2, s2, s2, s2, add);
        Finish<TWide, OneVector>(target + 3 * stride, s3, s3, s3, s3, add);
        target += 4 * stride;
        Finish<TWide, OneVector>(target, s4, s4, s4, s4, add);
        Finish<TWide, OneVector>(target + stride, s5, s5, s5, s5, add);
        Finish<TWide, OneVector>(target + 2 * stride, s6, s6, s6, s6, add);
        Finish<TWide, OneVector>(target + 3 * stride, s7, s7, s7, s7, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TWide, TVectors>(in ConvolutionProduct p, int row, int vector)
        where TWide : unmanaged, IWide<TWide>
        where TVectors : struct, IVectorCount
    {
        float* a = p.A + row * p.AStride, m = p.M + vector * 16;
        nint step = p.AStep, next = p.MStride;
        TWide s0 = p.Start == null ? TWide.Zero : TWide.Broadcast(p.Start[row]), s1 = s0, s2 = s0, s3 = s0;
        for (int k = p.Inner; k > 0; k--, a += step, m += next)
        {
            TWide b = TWide.Broadcast(*a);
            s0 = TWide.MultiplyAdd(b, TWide.Load(m), s0);
            if (TVectors.Count > 1) s1 = TWide.MultiplyAdd(b, TWide.Load(m + 16), s1);
            if (TVectors.Count > 2) s2 = TWide.MultiplyAdd(b, TWide.Load(m + 32), s2);
            if (TVectors.Count > 2) s3 = TWide.MultiplyAdd(b, TWide.Load(m + 48), s3);
        }
        Finish<TWide, TVectors>(p.Target + row * p.TargetStride + vector * 16, s0, s1, s2, s3, p.Add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TWide, TVectors>(float* target, TWide s0, TWide s1, TWide s2, TWide s3, bool add)
        where TWide : unmanaged, IWide<TWide>
        where TVectors : struct, IVectorCount
    {
        TWide.Store(target, add ? TWide.Add(TWide.Load(target), s0) : s0);
        if (TVectors.Count > 1) TWide.Store(target + 16, add ? TWide.Add(TWide.Load(target + 16), s1) : s1);
        if (TVectors.Count > 2) TWide.Store(target + 32, add ? TWide.Add(TWide.Load(target + 32), s2) : s2);
        if (TVectors.Count > 2) TWide.Store(target + 48, add ? TWide.Add(TWide.Load(target + 48), s3) : s3);
    }
}
