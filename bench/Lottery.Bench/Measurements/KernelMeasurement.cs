using System.Collections.Immutable;
using System.Diagnostics;
using Lottery.Bench.Results;
using Lottery.Bench.Timing;
using Lottery.Kernels;
using Lottery.Search;

namespace Lottery.Bench.Measurements;

/// <summary>Every kernel of a step by itself, at every vector width that the processor has, on masks of a real search.</summary>
internal static class KernelMeasurement
{
    private const int RoundsEach = 7;
    private static readonly double[] s_densities = [1, 0.5, 0.2, 0.05, 0.01];

    public static ImmutableArray<KernelRow> Run(RealSearch search, double secondsInRound) =>
    [
        .. from kernels in KernelRegistry.Available
           from level in s_densities.Select(search.Nearest).Distinct()
           select Measure(KernelRegistry.Get(kernels), level, search, secondsInRound),
    ];

    private static KernelRow Measure(KernelSet kernels, RunResult level, RealSearch search, double secondsInRound)
    {
        using var parts = new StepParts(kernels, level, search.Data);
        double products = (double)level.Mask.Kept * RealSearch.Batch;
        return new(kernels.Name, level.Mask.Density,
            [.. parts.All.Select(part => new KernelTime(part.Name, 1e9 * Seconds(part.Run, secondsInRound) / products))]);
    }

    /// <summary>What one call takes, the median of some rounds.</summary>
    public static double Seconds(Action action, double secondsInRound)
    {
        int times = 1;
        double seconds = Time(action, times);
        while (seconds < secondsInRound / 2)
        {
            times *= 2;
            seconds = Time(action, times);
        }
        return Rounds.Median(Rounds.InTurn(RoundsEach, () => Time(action, times))[0]) / times;
    }

    private static double Time(Action action, int times)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
