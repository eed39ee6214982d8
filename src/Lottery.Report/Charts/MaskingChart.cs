using Lottery.Masks;
using Lottery.Report.Sections;
using Lottery.Report.Tables;

namespace Lottery.Report.Charts;

/// <summary>
/// Masking as training (Zhou et al. 2019, sections 4 and 5): how much more often than a random mask a level prunes weights that
/// training had moved towards 0.
/// </summary>
internal static class MaskingChart
{
    /// <summary>The chart; null if no score has cut a mask.</summary>
    public static Chart? Create(ReportSection section)
    {
        (Condition Condition, MaskingTable Table)[] all =
        [
            .. from condition in section.Conditions
               let runs = condition.Runs.Where(MaskingTable.HasRow).ToArray()
               where runs.Length > 0
               select (condition, MaskingTable.Create([], [new([], [.. runs])])),
        ];
        if (all.Length == 0) return null;
        return new()
        {
            Key = "masking",
            Title = "Masking as training",
            Text = "Of the weights that a level prunes: the fraction that training had moved towards 0, made smaller, and left nearer to 0 than to their initial value; "
                + $"minus the fraction that a random mask with the same counts is expected to have. At 0 the mask is as good as random. {ChartCaption.Band(section)}",
            X = ChartAxis.Density,
            Y = new("fraction of pruned weights − random mask", NumberKind.Percent),
            Panels = "training",
            Frames =
            [
                new("", [.. Enum.GetValues<MaskingMeasure>().Select(measure => new ChartPanel(MaskingTable.Label(measure),
                [
                    .. all.Select(one => new LineMark(one.Condition.Name, one.Condition.Slot,
                        [.. one.Table.Rows.Select(row => ChartPoint.Of(row.Density, row.All[measure].Difference.Estimate, isFraction: false))])),
                ]))]),
            ],
        };
    }
}
