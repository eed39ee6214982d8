using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Specifications;

namespace Lottery.Report.Tables;

/// <summary>
/// A search in numbers: a row a level, replicates summed up, tickets held against their controls and the dense network.
/// </summary>
/// <param name="Rows">The levels, densest first; at least one.</param>
/// <param name="TestImages">The size of the test set.</param>
public sealed record SearchTable(ImmutableArray<Row> Rows, int TestImages)
{
    /// <summary>The controls that any level has, in the order of <see cref="Control"/>.</summary>
    public ImmutableArray<Control> Controls { get; } =
        [.. Rows.SelectMany(row => row.Controls).Select(cell => cell.Control).Distinct().Order()];

    /// <summary>The most replicates that any cell has.</summary>
    public int Replicates => Rows.SelectMany(row => row.Cells).Max(cell => cell.Accuracy.Count);

    /// <summary>
    /// The table of <paramref name="runs"/>: those of one search, which differ in seed, level and control alone. Levels
    /// without tickets are left out.
    /// </summary>
    public static SearchTable Of(IEnumerable<Outcome> runs, int testImages)
    {
        var levels = runs.ToLookup(run => run.Level);
        Outcome[] dense = Tickets(levels[0]);
        Row[] rows = [.. from level in levels
                         where Tickets(level).Length > 0
                         orderby level.Key
                         select RowOf([.. level], dense, testImages)];
        return new([.. WithVerdicts(rows)], testImages);
    }

    private static Row RowOf(Outcome[] level, Outcome[] dense, int testImages)
    {
        Outcome[] tickets = Tickets(level);
        Cell[] controls =
        [
            .. from run in level
               where run.Control != Control.None
               group run by run.Control into runs
               orderby runs.Key
               select CellOf([.. runs], testImages) with { Against = runs.Key, Difference = Difference(tickets, runs) },
        ];
        Cell ticket = CellOf(tickets, testImages) with
        {
            Against = controls.FirstOrDefault()?.Against ?? Control.None,
            Difference = controls.FirstOrDefault()?.Difference,
        };
        return new(ticket, controls, level[0].Level == 0 ? null : Difference(tickets, dense), AsGood: null);
    }

    private static Cell CellOf(Outcome[] runs, int testImages) => new(
        runs[0],
        Outcome.MeanDensity(runs),
        AccuracyOf(runs, testImages),
        Estimate.FromValues([.. runs.Select(run => (double)run.EarlyStopStep)]),
        Control.None, Difference: null);

    /// <summary>The mean accuracy of replicates; of one, its share of the test images, if their number is known.</summary>
    internal static Estimate AccuracyOf(Outcome[] runs, int testImages) =>
        runs.Length == 1 && testImages > 0
            ? Estimate.FromProportion(runs[0].Accuracy, testImages)
            : Share(Estimate.FromValues([.. runs.Select(run => run.Accuracy)]));

    /// <summary>The part of the interval where shares can be; NaN stays.</summary>
    private static Estimate Share(Estimate estimate) =>
        estimate with { Low = Math.Max(0, estimate.Low), High = Math.Min(1, estimate.High) };

    /// <summary>Tests all pruned levels together, since the finding looks at all of them.</summary>
    private static IEnumerable<Row> WithVerdicts(Row[] rows)
    {
        NonInferiority[] verdicts = NonInferiority.Test([.. rows.Select(row => row.AgainstDense).OfType<PairedDifference>()]);
        int pruned = 0;
        return rows.Select(row => row.AgainstDense is null ? row : row with { AsGood = verdicts[pruned++] });
    }

    private static Outcome[] Tickets(IEnumerable<Outcome> level) => [.. level.Where(run => run.Control == Control.None)];

    internal static PairedDifference Difference(IEnumerable<Outcome> first, IEnumerable<Outcome> second) =>
        PairedDifference.FromValues([.. first.Join(second, run => run.Seed, run => run.Seed, (a, b) => a.Accuracy - b.Accuracy)]);
}
