using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Kernels.Elementwise;

/// <summary>Σ a[lane] × b[lane]: how every sum over lanes outside the dense kernels is ordered.</summary>
/// <remarks>
/// Order: sixteen partial sums (lane mod 16) from +0, one fused multiply-add each sixteen lanes, lanes ascending; then
/// lane j + lane j+8, + 4, + 2, + 1. Lanes a multiple of 16.
/// </remarks>
internal static unsafe class LaneSum
{
    public static float Reference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Span<float> sums = stackalloc float[16];
        sums.Clear();
        for (int lane = 0; lane < a.Length; lane++) sums[lane & 15] = MathF.FusedMultiplyAdd(a[lane], b[lane], sums[lane & 15]);
        return Tree(sums);
    }

    /// <summary>The sum of sixteen values, which are overwritten.</summary>
    public static float Tree(Span<float> sums)
    {
        for (int width = 8; width > 0; width /= 2)
            for (int j = 0; j < width; j++) sums[j] += sums[j + width];
        return sums[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fast<TWide>(float* a, float* b, nint lanes) where TWide : unmanaged, IWide<TWide>
    {
        TWide sum = TWide.Zero;
        for (nint lane = 0; lane < lanes; lane += 16)
            sum = TWide.MultiplyAdd(TWide.Load(a + lane), TWide.Load(b + lane), sum);
        return TWide.Sum(sum, TWide.Zero, TWide.Zero, TWide.Zero).ToScalar();
    }
}

/// <summary>Σ a[i] × b[i], in the order of <see cref="LaneSum"/>.</summary>
internal unsafe ref struct DotProduct : IKernel
{
    /// <summary><c>[count]</c>, a multiple of 16.</summary>
    public required ReadOnlySpan<float> A, B;

    /// <summary><c>[1]</c>.</summary>
    public required Span<float> Sum;

    public readonly void Check() => IKernel.Require(A.Length % 16 == 0 && B.Length == A.Length && Sum.Length == 1);

    public readonly void Reference() => Sum[0] = LaneSum.Reference(A, B);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        fixed (float* a = A, b = B) Sum[0] = LaneSum.Fast<TWide>(a, b, A.Length);
    }
}
