using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Dashboard;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report.Dashboard;

/// <summary>Stores at a moment, made up.</summary>
internal static class SnapshotOf
{
    public static StoreSnapshot Runs(params IEnumerable<RunRecord> runs)
    {
        ImmutableArray<RunRecord> all = [.. runs];
        return new(all, all.ToFrozenDictionary(run => run.Id), [], [], [], [], 1, 1);
    }

    /// <summary>A finished run; its id begins with its seed and its level.</summary>
    public static RunRecord Run(ulong seed, int level, double density = 0.5) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{seed:0000000000000000}{level:0000}").PadRight(64, 'a'),
        Parent = null,
        Ticket = null,
        Network = "lenet-300-100",
        Data = "mnist",
        Seed = seed,
        Level = level,
        Density = density,
        Kept = 19_000,
        Weights = 266_200,
        Criterion = level == 0 ? null : "large-final",
        Mask1 = level == 0 ? null : "rewind",
        Mask0 = level == 0 ? null : "zero",
        Control = "none",
        Steps = 1_000,
        EarlyStopStep = 900,
        Accuracy = 0.9 + 0.001 * (seed % 100),
        FinalAccuracy = 0.9,
        Seconds = 1,
        EvaluationSeconds = 1,
        TotalSeconds = 2,
        Ended = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };
}
