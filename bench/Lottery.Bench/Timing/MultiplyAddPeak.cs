using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lottery.Bench.Timing;

/// <summary>
/// The most fused multiply-adds that one core can do: a loop over independent accumulators, enough of them to hide the
/// latency of the instruction and few enough for the registers.
/// </summary>
/// <remarks>
/// Each loop is compiled once, fully optimized, with its factors as arguments: factors that the compiler knows or that
/// are themselves accumulated make it spill registers, and the peak comes out three times too low.
/// </remarks>
internal static class MultiplyAddPeak
{
    private const int Passes = 400_000, Repetitions = 20;

    /// <summary>GFLOP/s, a multiply-add being two; the best of 20.</summary>
    public static double Measure() => Enumerable.Range(0, Repetitions).Max(_ => Once());

    private static double Once()
    {
        long start = Stopwatch.GetTimestamp();
        int lanes = Vector512.IsHardwareAccelerated ? Twelve(Passes, Vector512.Create(1f), Vector512.Create(0.5f))
            : Vector256.IsHardwareAccelerated ? Twelve(Passes, Vector256.Create(1f), Vector256.Create(0.5f))
            : Twenty(Passes, Vector128.Create(1f), Vector128.Create(0.5f));
        return 2.0 * Passes * lanes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Twelve(int passes, Vector512<float> a, Vector512<float> b)
    {
        Vector512<float> s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a, s10 = a, s11 = a;
        for (int i = 0; i < passes; i++)
        {
            s0 = Vector512.FusedMultiplyAdd(a, b, s0);
            s1 = Vector512.FusedMultiplyAdd(a, b, s1);
            s2 = Vector512.FusedMultiplyAdd(a, b, s2);
            s3 = Vector512.FusedMultiplyAdd(a, b, s3);
            s4 = Vector512.FusedMultiplyAdd(a, b, s4);
            s5 = Vector512.FusedMultiplyAdd(a, b, s5);
            s6 = Vector512.FusedMultiplyAdd(a, b, s6);
            s7 = Vector512.FusedMultiplyAdd(a, b, s7);
            s8 = Vector512.FusedMultiplyAdd(a, b, s8);
            s9 = Vector512.FusedMultiplyAdd(a, b, s9);
            s10 = Vector512.FusedMultiplyAdd(a, b, s10);
            s11 = Vector512.FusedMultiplyAdd(a, b, s11);
        }
        return Used(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11, 12 * Vector512<float>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Twelve(int passes, Vector256<float> a, Vector256<float> b)
    {
        Vector256<float> s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a, s10 = a, s11 = a;
        for (int i = 0; i < passes; i++)
        {
            s0 = Vector256.FusedMultiplyAdd(a, b, s0);
            s1 = Vector256.FusedMultiplyAdd(a, b, s1);
            s2 = Vector256.FusedMultiplyAdd(a, b, s2);
            s3 = Vector256.FusedMultiplyAdd(a, b, s3);
            s4 = Vector256.FusedMultiplyAdd(a, b, s4);
            s5 = Vector256.FusedMultiplyAdd(a, b, s5);
            s6 = Vector256.FusedMultiplyAdd(a, b, s6);
            s7 = Vector256.FusedMultiplyAdd(a, b, s7);
            s8 = Vector256.FusedMultiplyAdd(a, b, s8);
            s9 = Vector256.FusedMultiplyAdd(a, b, s9);
            s10 = Vector256.FusedMultiplyAdd(a, b, s10);
            s11 = Vector256.FusedMultiplyAdd(a, b, s11);
        }
        return Used((s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11).ToVector512(), 12 * Vector256<float>.Count);
    }

    /// <summary>Processors of 128 bits that are fast have four such units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Twenty(int passes, Vector128<float> a, Vector128<float> b)
    {
        Vector128<float> s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a;
        Vector128<float> t0 = a, t1 = a, t2 = a, t3 = a, t4 = a, t5 = a, t6 = a, t7 = a, t8 = a, t9 = a;
        for (int i = 0; i < passes; i++)
        {
            s0 = Vector128.FusedMultiplyAdd(a, b, s0);
            s1 = Vector128.FusedMultiplyAdd(a, b, s1);
            s2 = Vector128.FusedMultiplyAdd(a, b, s2);
            s3 = Vector128.FusedMultiplyAdd(a, b, s3);
            s4 = Vector128.FusedMultiplyAdd(a, b, s4);
            s5 = Vector128.FusedMultiplyAdd(a, b, s5);
            s6 = Vector128.FusedMultiplyAdd(a, b, s6);
            s7 = Vector128.FusedMultiplyAdd(a, b, s7);
            s8 = Vector128.FusedMultiplyAdd(a, b, s8);
            s9 = Vector128.FusedMultiplyAdd(a, b, s9);
            t0 = Vector128.FusedMultiplyAdd(a, b, t0);
            t1 = Vector128.FusedMultiplyAdd(a, b, t1);
            t2 = Vector128.FusedMultiplyAdd(a, b, t2);
            t3 = Vector128.FusedMultiplyAdd(a, b, t3);
            t4 = Vector128.FusedMultiplyAdd(a, b, t4);
            t5 = Vector128.FusedMultiplyAdd(a, b, t5);
            t6 = Vector128.FusedMultiplyAdd(a, b, t6);
            t7 = Vector128.FusedMultiplyAdd(a, b, t7);
            t8 = Vector128.FusedMultiplyAdd(a, b, t8);
            t9 = Vector128.FusedMultiplyAdd(a, b, t9);
        }
        Vector128<float> sum = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + t0 + t1 + t2 + t3 + t4 + t5 + t6 + t7 + t8 + t9;
        return Used(sum.ToVector256().ToVector512(), 20 * Vector128<float>.Count);
    }

    /// <summary>The lanes of one pass; looks at the sum, so that the loop cannot be left out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Used(Vector512<float> sum, int lanes) => float.IsNaN(sum.ToScalar()) ? 0 : lanes;
}
