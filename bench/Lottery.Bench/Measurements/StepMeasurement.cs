using System.Collections.Immutable;
using Lottery.Bench.Peers;
using Lottery.Bench.Results;
using Lottery.Bench.Timing;
using Lottery.Search;

namespace Lottery.Bench.Measurements;

/// <summary>A training step at six densities: ours, ours with no zero to skip, and PyTorch's, all in turn.</summary>
internal static class StepMeasurement
{
    private static readonly int[] s_levels = [0, 1, 3, 7, 15, 20];

    public static ImmutableArray<StepRow> Run(RealSearch search, PyTorch? pyTorch, int rounds)
    {
        RunResult[] levels = [.. s_levels.Select(level => search.Levels[level])];
        using PyTorchSteps? theirs = pyTorch is null ? null : new(pyTorch, search.Data, levels);
        StepRace[] races = [.. levels.Select(level => new StepRace(level, search.Data, theirs))];
        try
        {
            double[][] seconds = Rounds.InTurn(rounds, [.. races.SelectMany(race => race.Sides)]);
            double[] milliseconds = Array.ConvertAll(seconds, times => 1e3 * Rounds.Median(times));
            int sides = seconds.Length / races.Length;
            return [.. races.Select((race, i) => race.Row(milliseconds.AsSpan(i * sides, sides)))];
        }
        finally
        {
            foreach (StepRace race in races) race.Dispose();
        }
    }
}
