using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lottery.Numerics;

namespace Lottery.Bench.Timing;

/// <summary>What one core can do at most, in vectors of sixteen values a second; the best of some repetitions.</summary>
/// <param name="MultiplyAdds">Fused multiply-adds (<see cref="MultiplyAddPeak"/>).</param>
/// <param name="Loads">Loads from the first-level cache.</param>
/// <param name="Roots">Square roots, each with a division by it: what Adam takes for a vector.</param>
internal sealed record MachineRates(double MultiplyAdds, double Loads, double Roots)
{
    private const int Repetitions = 100, Lanes = 16;

    /// <summary>Measures.</summary>
    public static MachineRates Measure() => new(
        1e9 * MultiplyAddPeak.Measure() / 2 / Lanes, Best(LoadsOnce), Best(RootsOnce));

    /// <summary>Bytes a second that are read and written in a working set: of three values, two are read and one is written.</summary>
    /// <param name="bytes">The working set.</param>
    public static double Bandwidth(double bytes)
    {
        int length = Math.Max(64, (int)Math.Min(bytes / 8, 32e6) / 64 * 64);
        using AlignedBuffer<float> a = new(length), b = new(length);
        int passes = (int)Math.Max(1, 4e6 / length);
        return Best(() =>
        {
            for (int pass = 0; pass < passes; pass++) Scale(a.Span, b.Span);
            return 12.0 * length * passes;
        });
    }

    private static double Best(Func<double> work) => Enumerable.Range(0, Repetitions).Max(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        double count = work();
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(Span<float> a, ReadOnlySpan<float> b)
    {
        Vector512<float> half = Vector512.Create(0.5f);
        for (int i = 0; i < a.Length; i += Lanes)
            Vector512.FusedMultiplyAdd(Vector512.Create<float>(a[i..]), half, Vector512.Create(b[i..])).CopyTo(a[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double LoadsOnce()
    {
        const int passes = 20_000, blocks = 32, block = 8 * Lanes;
        using AlignedBuffer<int> values = new(blocks * block); // 16 KB
        ref readonly int first = ref values.Span[0];
        Vector512<int> a = default, b = default, c = default, d = default;
        for (int i = 0; i < passes; i++)
        {
            nuint at = (nuint)(i % blocks * block);
            a |= Vector512.LoadUnsafe(in first, at);
            b |= Vector512.LoadUnsafe(in first, at + Lanes);
            c |= Vector512.LoadUnsafe(in first, at + 2 * Lanes);
            d |= Vector512.LoadUnsafe(in first, at + 3 * Lanes);
            a |= Vector512.LoadUnsafe(in first, at + 4 * Lanes);
            b |= Vector512.LoadUnsafe(in first, at + 5 * Lanes);
            c |= Vector512.LoadUnsafe(in first, at + 6 * Lanes);
            d |= Vector512.LoadUnsafe(in first, at + 7 * Lanes);
        }
        return Used((a | b | c | d).AsSingle(), 8.0 * passes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double RootsOnce()
    {
        const int passes = 5_000;
        Vector512<float> one = Vector512.Create(1.5f), a = one, b = one, c = one, d = one;
        for (int i = 0; i < passes; i++)
        {
            a += one / Vector512.Sqrt(a);
            b += one / Vector512.Sqrt(b);
            c += one / Vector512.Sqrt(c);
            d += one / Vector512.Sqrt(d);
        }
        return Used(a + b + c + d, 4.0 * passes);
    }

    /// <summary>The count; looks at the value, so that the loop cannot be left out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Used(Vector512<float> value, double count) => float.IsNegativeInfinity(value.ToScalar()) ? 0 : count;
}
