using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Kernels;

/// <summary>Σ a[lane] × b[lane]: how every sum over lanes outside the dense kernels is ordered.</summary>
/// <remarks>
/// Order: sixteen partial sums (lane mod 16) from +0, one fused multiply-add each sixteen lanes, lanes ascending; then
/// lane j + lane j+8, + 4, + 2, + 1. Lanes a multiple of 16.
/// </remarks>
internal static unsafe class LaneSum
{
    public static float Reference(float* a, float* b, int lanes)
    {
        float* sums = stackalloc float[16];
        new Span<float>(sums, 16).Clear();
        for (int lane = 0; lane < lanes; lane++)
            sums[lane & 15] = MathF.FusedMultiplyAdd(a[lane], b[lane], sums[lane & 15]);
        return Tree(sums);
    }

    /// <summary>The sum of sixteen values, which are overwritten.</summary>
    public static float Tree(float* sums)
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
