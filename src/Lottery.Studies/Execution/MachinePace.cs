using System.Diagnostics;
using Lottery.Kernels;
using Lottery.Kernels.Dense;
using Lottery.Numerics;

namespace Lottery.Studies.Execution;

/// <summary>
/// How fast this machine is, beside the one that <see cref="StepTimes"/> was fitted to: a product of a dense layer, timed. Its operands fit
/// into the second-level cache, so that it tells the same again and again.
/// </summary>
internal static class MachinePace
{
    private const int Rows = 64, Inputs = 256, Columns = 304, ZerosToOne = 4, MostRounds = 40, CallsInRound = 30;

    /// <summary>What a call took on that machine at best: what interrupts a round only adds.</summary>
    private const double FittedMicroseconds = 25.6;

    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(60);

    private static readonly Lazy<double> s_factor = new(Measure);

    /// <summary>How many times as long this machine takes now, measured once in some hundredths of a second.</summary>
    public static double Factor => s_factor.Value;

    private static double Measure()
    {
        using var a = new AlignedBuffer<float>(Rows * Inputs);
        using var m = new AlignedBuffer<float>(Inputs * Columns);
        using var target = new AlignedBuffer<float>(Rows * Columns);
        using var nonzero = new AlignedBuffer<ulong>(Rows * Inputs / 64);
        for (int i = 0; i < a.Length; i += ZerosToOne + 1) a.Span[i] = 1;
        m.Span.Fill(1e-3f);
        KernelRegistry.Kernels.Run(new NonzeroBits { A = a.Span, Stride = Inputs, Bits = nonzero.Span, Rows = Rows, Columns = Inputs });
        Round(1);
        double fastest = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < MostRounds && (round == 0 || Stopwatch.GetElapsedTime(start) < s_longest); round++) fastest = Math.Min(fastest, Round(CallsInRound));
        return fastest / FittedMicroseconds;

        double Round(int calls)
        {
            long before = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
                KernelRegistry.Kernels.Run(new ZeroSkippingProduct
                {
                    A = a.Span, AStride = Inputs, Nonzero = nonzero.Span, Words = Inputs / 64, M = m.Span, MStride = Columns, Target = target.Span,
                    TargetStride = Columns, Rows = Rows, Columns = Columns,
                });
            return Stopwatch.GetElapsedTime(before).TotalMicroseconds / calls;
        }
    }
}
