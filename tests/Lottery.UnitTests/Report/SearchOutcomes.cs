using Lottery.Report.Tables;
using Lottery.Specifications;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.UnitTests.Report;

/// <summary>Finished runs with made-up accuracies, one number per replicate, in percent.</summary>
internal static class SearchOutcomes
{
    public static readonly double[] Densities = [1, 0.641, 0.411, 0.265];

    public static IEnumerable<RunSummary> Dense(params double[] percent) => At(0, Control.None, percent);

    public static IEnumerable<RunSummary> At(int level, Control control, params double[] percent) => At("large-final", level, control, percent);

    public static IEnumerable<RunSummary> At(string criterion, int level, Control control, params double[] percent) =>
        percent.Select((accuracy, replicate) => MadeUp.Summary(
            $"{level}-{1 + replicate}-{(level == 0 ? "" : criterion)}-{control}", "lenet-300-100", 1 + (ulong)replicate, level, Densities[level],
            accuracy / 100, control, criterion, steps: 1_800, earlyStopStep: 1000 + 100 * level + 10 * replicate));

    /// <summary>The table of one search: the tickets, and each control as a condition.</summary>
    public static StudyTable Table(params IEnumerable<RunSummary>[] runs) => Table(new ComparisonSettings { TestImages = 10_000 }, runs);

    public static StudyTable Table(ComparisonSettings settings, params IEnumerable<RunSummary>[] runs)
    {
        RunSummary[] all = [.. runs.SelectMany(r => r)];
        RunSummary[] dense = [.. all.Where(run => run.IsRoot && run.Specification.Start?.Mask is null)];
        Control[] controls = [.. all.Select(run => run.Control).Distinct().Order()];
        StudyGroup[] groups = [.. controls.Select(control => new StudyGroup(
            controls.Length == 1 ? [] : [Labels.Of(control)], [.. dense.Union(all.Where(run => run.Control == control))]))];
        return StudyTable.Create(controls.Length == 1 ? [] : [RunFields.Get(StudyTable.ControlAxis)], groups, groups[0], settings);
    }

    /// <summary>Three replicates: good at levels 1 and 2, worse at 3; the reinitialized weights are worse from level 2 on.</summary>
    public static StudyTable Typical => Table(
        Dense(87.9, 88.0, 88.1),
        At(1, Control.None, 88.3, 88.4, 88.6), At(1, Control.Reinit, 88.0, 88.5, 88.3), At(1, Control.RandomMask, 87.9, 88.0, 88.0),
        At(2, Control.None, 88.2, 88.3, 88.5), At(2, Control.Reinit, 87.1, 87.3, 87.3), At(2, Control.RandomMask, 87.2, 87.4, 87.0),
        At(3, Control.None, 87.0, 87.2, 87.1), At(3, Control.Reinit, 86.0, 86.4, 86.2), At(3, Control.RandomMask, 86.1, 86.0, 86.5));
}
