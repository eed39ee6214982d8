using Lottery.Report.Tables;
using Lottery.Specifications;

namespace Lottery.UnitTests.Report;

/// <summary>Finished runs with made-up accuracies, one number a replicate, in percent.</summary>
internal static class SearchOutcomes
{
    public static readonly double[] Densities = [1, 0.641, 0.411, 0.265];

    public static IEnumerable<Outcome> Dense(params double[] percent) => At(0, Control.None, percent);

    public static IEnumerable<Outcome> At(int level, Control control, params double[] percent) =>
        percent.Select((accuracy, replicate) => new Outcome
        {
            Network = "lenet-300-100",
            Seed = 1 + (ulong)replicate,
            Level = level,
            Density = Densities[level],
            Control = control,
            Accuracy = accuracy / 100,
            EarlyStopStep = 1000 + 100 * level + 10 * replicate,
            Steps = 1800,
            Criterion = level == 0 ? null : "large-final",
            Mask1 = level == 0 ? null : "rewind",
            Mask0 = level == 0 ? null : "zero",
        });

    public static SearchTable Table(params IEnumerable<Outcome>[] runs) => SearchTable.Create(runs.SelectMany(r => r), 10_000);

    /// <summary>Three replicates: good at levels 1 and 2, worse at 3; the redrawn weights are worse from level 2 on.</summary>
    public static SearchTable Typical => Table(
        Dense(87.9, 88.0, 88.1),
        At(1, Control.None, 88.3, 88.4, 88.6), At(1, Control.Reinit, 88.0, 88.5, 88.3), At(1, Control.RandomMask, 87.9, 88.0, 88.0),
        At(2, Control.None, 88.2, 88.3, 88.5), At(2, Control.Reinit, 87.1, 87.3, 87.3), At(2, Control.RandomMask, 87.2, 87.4, 87.0),
        At(3, Control.None, 87.0, 87.2, 87.1), At(3, Control.Reinit, 86.0, 86.4, 86.2), At(3, Control.RandomMask, 86.1, 86.0, 86.5));
}
