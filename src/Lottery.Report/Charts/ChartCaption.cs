using Lottery.Report.Sections;

namespace Lottery.Report.Charts;

/// <summary>Sentences that several charts have in common.</summary>
internal static class ChartCaption
{
    /// <summary>What the bands are, or that there are none.</summary>
    public static string Band(ReportSection section) => section.Replicates == 1
        ? "There is one replicate, so nothing is known of other seeds and no interval is drawn."
        : $"Lines are means and bands 95 % intervals over {Replicates(section)} (Student’s t).";

    /// <summary>What the bars' whiskers are, or that there are none.</summary>
    public static string Whiskers(ReportSection section) => section.Replicates == 1
        ? "There is one replicate, so nothing is known of other seeds and no interval is drawn."
        : $"Bars are means and whiskers 95 % intervals over {Replicates(section)} (Student’s t).";

    private static string Replicates(ReportSection section)
    {
        int[] counts = [.. section.Conditions.SelectMany(one => one.Levels).Select(level => level.Runs.Length).Distinct()];
        return counts.Length == 1 ? $"{counts[0]} replicates" : $"{counts.Min()} to {counts.Max()} replicates";
    }
}
