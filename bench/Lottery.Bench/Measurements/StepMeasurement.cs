using System.Collections.Immutable;
using Lottery.Bench.Peers;
using Lottery.Bench.Results;
using Lottery.Bench.Timing;
using Lottery.Search;

namespace Lottery.Bench.Measurements;

/// <summary>A training step at four densities: ours, ours with no zero to skip, and PyTorch's, in turn.</summary>
internal static class StepMeasurement
{
    private const int StepsInRound = 100, StepsBefore = 200;
    private const double SecondsInRound = 0.15;
    private static readonly int[] s_levels = [0, 7, 15, 20];

    public static ImmutableArray<StepRow> Run(RealSearch search, PyTorch? pyTorch, int rounds)
    {
        RunResult[] levels = [.. s_levels.Select(level => search.Levels[level])];
        using PyTorchSteps? theirs = pyTorch is null ? null : new(pyTorch, search.Data, levels);
        return [.. levels.Select(level => Measure(level, search, theirs, rounds))];
    }

    private static StepRow Measure(RunResult level, RealSearch search, PyTorchSteps? theirs, int rounds)
    {
        using OwnSteps ours = OwnSteps.Of(level, search.Data), full = OwnSteps.WithoutZeros(level, search.Data);
        theirs?.Begin(level.Specification.Level);
        double ourLoss = ours.Check(StepsBefore);
        double? theirLoss = theirs?.Check(StepsBefore);
        long bytes = ours.Allocate(StepsInRound);
        int steps = OwnStepsInRound(full);

        var sides = new List<Func<double>> { () => ours.Time(steps) / steps, () => full.Time(steps) / steps };
        if (theirs is not null) sides.Add(() => theirs.Time(StepsInRound) / StepsInRound);
        double[] milliseconds = [.. Rounds.InTurn(rounds, sides).Select(times => Rounds.Median(times) * 1e3)];
        return new()
        {
            Level = level.Specification.Level, Density = level.Mask.Density, Kept = level.Mask.Kept, Flop = Flop(level),
            Milliseconds = milliseconds[0], MillisecondsWithoutZeros = milliseconds[1],
            PyTorchMilliseconds = theirs is null ? null : milliseconds[2],
            Loss = ourLoss, PyTorchLoss = theirLoss,
            AllocatedBytes = bytes,
        };
    }

    /// <summary>As many as last about as long as a round of PyTorch's: a pause of the machine then hits both sides alike.</summary>
    private static int OwnStepsInRound(OwnSteps steps)
    {
        steps.Time(StepsBefore);
        return Math.Max(StepsInRound, (int)(SecondsInRound / (steps.Time(StepsInRound) / StepsInRound)));
    }

    /// <summary>Useful: 2 × batch × kept weights for forward, for the weight gradient, and but in the first layer for the input gradient.</summary>
    private static double Flop(RunResult level) =>
        2.0 * RealSearch.Batch * (3.0 * level.Mask.Kept - level.Mask[0]!.Count());
}
