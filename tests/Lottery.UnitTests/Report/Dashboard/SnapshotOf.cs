using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Lottery.Report.Dashboard;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report.Dashboard;

/// <summary>Stores at a moment, made up.</summary>
internal static class SnapshotOf
{
    public static StoreSnapshot Runs(params IEnumerable<RunSummary> runs)
    {
        ImmutableArray<RunSummary> all = [.. runs];
        return new(all, all.ToFrozenDictionary(run => run.Id), [], [], [], [], 1, 1);
    }

    /// <summary>A finished run; its id begins with its seed and its level.</summary>
    public static RunSummary Run(ulong seed, int level, double density = 0.5) => MadeUp.Summary(
        string.Create(CultureInfo.InvariantCulture, $"{seed:0000000000000000}{level:0000}").PadRight(64, 'a'),
        "lenet-300-100", seed, level, density, 0.9 + 0.001 * (seed % 100));
}
