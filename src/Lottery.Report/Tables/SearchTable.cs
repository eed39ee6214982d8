using System.Collections.Immutable;
using Lottery.Report.Statistics;
using Lottery.Specifications;
using Lottery.Studies.Store;

namespace Lottery.Report.Tables;

/// <summary>
/// The results of one search: a row per level, replicates averaged, tickets compared with their controls and with the
/// dense network.
/// </summary>
/// <param name="Rows">The levels, densest first; at least one.</param>
/// <param name="TestImages">Images in the test set; 0 if not known.</param>
internal sealed record SearchTable(ImmutableArray<SearchRow> Rows, int TestImages)
{
    /// <summary>The controls that any level has, in the order of <see cref="Control"/>.</summary>
    public ImmutableArray<Control> Controls { get; } =
        [.. Rows.SelectMany(row => row.Controls).Select(cell => cell.Control).Distinct().Order()];

    /// <summary>The most replicates that any cell has.</summary>
    public int Replicates => Rows.SelectMany(row => row.Cells).Max(cell => cell.Accuracy.Count);

    /// <summary>The fewest replicates that any cell has.</summary>
    internal int FewestReplicates => Rows.SelectMany(row => row.Cells).Min(cell => cell.Accuracy.Count);

    /// <summary>The columns of the table when it is printed.</summary>
    internal IReadOnlyList<TableColumn<SearchRow>> Columns =>
    [
        new("density", ColumnKind.Number, row => NumberFormat.Density(row.Density)),
        .. FewestReplicates == Replicates ? Array.Empty<TableColumn<SearchRow>>()
            : [new TableColumn<SearchRow>("n", ColumnKind.Whole, row => string.Join("/", new[] { Control.None }.Concat(Controls).Select(control => row[control]?.Accuracy.Count ?? 0)))],
        .. new[] { Control.None }.Concat(Controls).Select(control => new TableColumn<SearchRow>(
            Labels.Of(control), ColumnKind.Whole, row => row[control] is { } cell ? NumberFormat.Accuracy(cell.Accuracy) : "")),
        new(Labels.EarlyStop, ColumnKind.Number, row => NumberFormat.Count(row.Ticket.EarlyStop.Mean)) { IsSecondary = true },
        .. Controls.Take(1).Select(control => new TableColumn<SearchRow>($"ticket − {Labels.Of(control)}", ColumnKind.Whole,
            row => row[control]?.Difference is { } difference ? NumberFormat.Difference(difference.Estimate) : "")),
    ];

    /// <summary>
    /// Aggregates <paramref name="runs"/>, which belong to one search and differ only in seed, level and control. Levels
    /// without tickets are left out.
    /// </summary>
    public static SearchTable Create(IEnumerable<RunSummary> runs, int testImages)
    {
        var levels = runs.ToLookup(run => run.Level);
        // An interval over test images beside intervals over seeds would look like one of them.
        if (levels.Any(level => level.GroupBy(run => run.Control).Any(same => same.Skip(1).Any()))) testImages = 0;
        RunSummary[] dense = Tickets(levels[0]);
        SearchRow[] rows = [.. from level in levels
                               where Tickets(level).Length > 0
                               orderby level.Key
                               select CreateRow([.. level], dense, testImages)];
        return new([.. WithVerdicts(rows)], testImages);
    }

    /// <summary>
    /// The accuracy of replicates: their mean with Student's t interval, clipped to 0–1; for a single run, Wilson's
    /// interval if the number of test images is known.
    /// </summary>
    internal static Estimate Accuracy(IReadOnlyList<RunSummary> runs, int testImages) => Accuracy(runs, testImages, run => run.Accuracy);

    /// <inheritdoc cref="Accuracy(IReadOnlyList{RunSummary}, int)"/>
    internal static Estimate Accuracy(IReadOnlyList<RunSummary> runs, int testImages, Func<RunSummary, double> accuracy)
    {
        if (runs.Count == 1 && testImages > 0) return Estimate.FromProportion(accuracy(runs[0]), testImages);
        var estimate = Estimate.FromValues(BySeed(runs, accuracy));
        return estimate with { Low = Math.Max(0, estimate.Low), High = Math.Min(1, estimate.High) };
    }

    /// <summary>The density of replicates: the one that they share, or their mean where a threshold gives each its own.</summary>
    internal static double MeanDensity(IReadOnlyList<RunSummary> runs) =>
        runs.All(run => run.Density.Equals(runs[0].Density)) ? runs[0].Density : runs.Average(run => run.Density);

    /// <summary>The early-stopping step of replicates.</summary>
    internal static Estimate EarlyStop(IReadOnlyList<RunSummary> runs) =>
        Estimate.FromValues(BySeed(runs, run => run.EarlyStopStep));

    /// <summary>One number a seed, in the order of their first runs: the mean over the draws of a control, which are no replicates.</summary>
    internal static double[] BySeed(IEnumerable<RunSummary> runs, Func<RunSummary, double> number) =>
        [.. runs.GroupBy(run => run.Seed, (_, draws) => draws.Average(number))];

    /// <summary>Accuracy of <paramref name="first"/> − <paramref name="second"/>, paired by seed.</summary>
    internal static PairedDifference Difference(IEnumerable<RunSummary> first, IEnumerable<RunSummary> second) =>
        PairedDifference.OfFractions([.. first.GroupBy(run => run.Seed).Join(second.GroupBy(run => run.Seed), draws => draws.Key, draws => draws.Key,
            (a, b) => a.Average(run => run.Accuracy) - b.Average(run => run.Accuracy))]);

    private static SearchRow CreateRow(RunSummary[] level, RunSummary[] dense, int testImages)
    {
        RunSummary[] tickets = Tickets(level);
        SearchCell[] controls =
        [
            .. from run in level
               where run.Control != Control.None
               group run by run.Control into runs
               orderby runs.Key
               select CreateCell([.. runs], testImages) with { Against = runs.Key, Difference = Difference(tickets, runs) },
        ];
        SearchCell ticket = CreateCell(tickets, testImages) with
        {
            Against = controls.FirstOrDefault()?.Against ?? Control.None,
            Difference = controls.FirstOrDefault()?.Difference,
        };
        return new(ticket, controls, level[0].Level == 0 ? null : Difference(tickets, dense), AsGood: null);
    }

    private static SearchCell CreateCell(RunSummary[] runs, int testImages) => new(
        runs[0], MeanDensity(runs), Accuracy(runs, testImages), EarlyStop(runs), Control.None, Difference: null);

    /// <summary>Tests all pruned levels together, because the finding is chosen among all of them.</summary>
    private static IEnumerable<SearchRow> WithVerdicts(SearchRow[] rows)
    {
        IReadOnlyList<NonInferiority> verdicts =
            NonInferiority.Test([.. rows.Select(row => row.AgainstDense).OfType<PairedDifference>()]);
        int pruned = 0;
        return rows.Select(row => row.AgainstDense is null ? row : row with { AsGood = verdicts[pruned++] });
    }

    private static RunSummary[] Tickets(IEnumerable<RunSummary> level) => [.. level.Where(run => run.Control == Control.None)];
}

/// <summary>One level of a search.</summary>
/// <param name="Ticket">The tickets (the dense networks at level 0).</param>
/// <param name="Controls">The controls, in the order of <see cref="Control"/>.</param>
/// <param name="AgainstDense">Accuracy of the ticket − that of the dense network, paired by seed; null at level 0.</param>
/// <param name="AsGood">Whether the tickets are as good as the dense network; null at level 0.</param>
internal sealed record SearchRow(
    SearchCell Ticket, IReadOnlyList<SearchCell> Controls, PairedDifference? AgainstDense, NonInferiority? AsGood)
{
    /// <summary>The level; 0 is the dense network, or the initial mask.</summary>
    public int Level => Ticket.Example.Level;

    /// <summary>Kept ÷ prunable weights, 0–1.</summary>
    public double Density => Ticket.Density;

    /// <summary>The ticket and its controls.</summary>
    public IEnumerable<SearchCell> Cells => [Ticket, .. Controls];

    /// <summary>The cell of <paramref name="control"/>; null if that control was not run at this level.</summary>
    public SearchCell? this[Control control] => Cells.FirstOrDefault(cell => cell.Control == control);
}

/// <summary>The replicates of one level: of the ticket, or of one of its controls.</summary>
/// <param name="Example">One of the replicates; properties that they share are read from it.</param>
/// <param name="Density">Kept ÷ prunable weights, 0–1.</param>
/// <param name="Accuracy">Test accuracy at the early-stopping step, 0–1.</param>
/// <param name="EarlyStop">The early-stopping step.</param>
/// <param name="Against">The control that the ticket is compared with: this cell's own, or the ticket's first.</param>
/// <param name="Difference">Accuracy of the ticket − that of the control, paired by seed; null without a control.</param>
internal sealed record SearchCell(
    RunSummary Example, double Density, Estimate Accuracy, Estimate EarlyStop, Control Against, PairedDifference? Difference)
{
    /// <summary>The control; <see cref="Control.None"/> for the ticket itself.</summary>
    public Control Control => Example.Control;
}
