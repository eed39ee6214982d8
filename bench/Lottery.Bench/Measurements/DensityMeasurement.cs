using System.Collections.Immutable;
using Lottery.Bench.Results;
using Lottery.Bench.Timing;
using Lottery.Data;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Bench.Measurements;

/// <summary>
/// What a training step costs against the density: LeNet-300-100 on the masks of a real search, levels 0 to 24, and Conv-2 and Conv-6
/// on random masks. All densities of a network are timed in turn, on one thread.
/// </summary>
internal static class DensityMeasurement
{
    private const int LastLevel = 24;
    private const double SecondsInRound = 0.01;
    private static readonly double[] s_densities = [1, 0.8, 0.64, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01];

    /// <summary>The networks that can be asked for.</summary>
    public static ImmutableArray<string> Networks { get; } = ["lenet-300-100", "conv-2", "conv-6"];

    /// <summary>Measures a network.</summary>
    /// <param name="network">One of <see cref="Networks"/>.</param>
    /// <param name="rates">The machine's peaks.</param>
    /// <param name="rounds">Rounds.</param>
    public static ImmutableArray<DensityRow> Run(string network, MachineRates rates, int rounds) =>
        network == "lenet-300-100" ? Levels(rates, rounds) : RandomMasks(NetworkCatalogue.Get(network), rates, rounds);

    private static ImmutableArray<DensityRow> Levels(MachineRates rates, int rounds)
    {
        var search = RealSearch.Run(Dataset.Load("mnist"), RealSearch.StepsInEpoch / 2, LastLevel);
        double zeros = ZeroInputs.ShareOf(search.Data.Dataset.Train);
        OwnSteps[] steps = [.. search.Levels.Select(level => OwnSteps.Of(level, search.Data))];
        try
        {
            return Rows([.. search.Levels.Select(level => level.Mask)], [.. steps.Select(one => (Func<int, double>)one.Time)],
                RealSearch.Batch, zeros, rates, rounds, haveLevels: true);
        }
        finally
        {
            foreach (OwnSteps one in steps) one.Dispose();
        }
    }

    private static ImmutableArray<DensityRow> RandomMasks(Network network, MachineRates rates, int rounds)
    {
        var start = InitialWeights.Sample(network, 1);
        Mask[] masks = [.. s_densities.Select(density => RandomMask(network, density))];
        ImageSteps[] steps = [.. masks.Select(mask => new ImageSteps(mask, start, threads: 1))];
        try
        {
            return Rows(masks, [.. steps.Select(one => (Func<int, double>)one.Time)], RealSearch.Batch, zeros: 0, rates, rounds, haveLevels: false);
        }
        finally
        {
            foreach (ImageSteps one in steps) one.Dispose();
        }
    }

    private static ImmutableArray<DensityRow> Rows(
        Mask[] masks, Func<int, double>[] times, int batch, double zeros, MachineRates rates, int rounds, bool haveLevels)
    {
        // The second look is at code that .NET has compiled once more.
        int[] counts = Array.ConvertAll(times, time =>
        {
            time(2);
            return Math.Max(1, (int)(SecondsInRound / (time(2) / 2)));
        });
        double[][] seconds = Rounds.InTurn(rounds, [.. times.Select((time, i) => (Func<double>)(() => time(counts[i]) / counts[i]))]);
        return
        [
            .. masks.Select((mask, i) =>
            {
                var work = StepWork.Of(mask, batch, zeros);
                (double bound, string by) = work.Bound(rates, MachineRates.Bandwidth(work.WorkingSet));
                double before = i == 0 ? double.NaN : Rounds.Median([.. seconds[i].Zip(seconds[i - 1], (one, other) => one / other)]);
                return new DensityRow(
                    mask.Network.Name, haveLevels ? i : -1, mask.Density, 1e3 * Rounds.Median(seconds[i]), before, work.MultiplyAdds, 1e3 * bound, by);
            }),
        ];
    }

    /// <summary>A mask that keeps each prunable weight with a probability.</summary>
    public static Mask RandomMask(Network network, double density)
    {
        var random = new RandomStream(1, "bench/densities");
        return new(network,
        [
            .. network.Parameters.Select((parameter, p) =>
            {
                if (!parameter.Prunable) return null;
                var bits = new BitSet(parameter.Count);
                for (int i = 0; i < bits.Length; i++) bits[i] = density == 1 || random.Uniform(((long)p << 32) | (uint)i) < density;
                return bits;
            }),
        ]);
    }
}
