using System.Globalization;

namespace Lottery.Report.Tables;

/// <summary>A study's table as lines of plain text.</summary>
internal static class StudyTableText
{
    /// <summary>The header, a line for each cell and density, and what the marks mean.</summary>
    public static IEnumerable<string> Lines(StudyTable table)
    {
        string[][] lines = [["density", .. table.Axes, "accuracy", "stops at", "− reference", "p"], .. Cells(table)];
        bool[] right = [true, .. table.Axes.Select(_ => false), false, true, false, true];
        foreach (string line in TextGrid.Lines(lines, right)) yield return $" {line}";
        yield return "";
        foreach (string line in Notes(table)) yield return $" {line}";
    }

    private static IEnumerable<string[]> Cells(StudyTable table)
    {
        double last = double.NaN;
        foreach (StudyRow row in table.Rows)
        {
            double density = row.IsLearned ? row.Density : row.Standard ?? row.Density;
            string first = density.Equals(last) ? "" : NumberFormat.Density(density);
            last = density;
            yield return
            [
                first, .. row.Values.Select(value => value ?? "–"),
                $"{(row.IsBest ? '*' : ' ')} {NumberFormat.Accuracy(row.Accuracy)}",
                NumberFormat.Count(row.EarlyStop.Mean),
                row.IsReference ? "reference" : row.Difference is { } difference ? NumberFormat.Difference(difference.Estimate) : "",
                double.IsNaN(row.HolmP) ? "" : Probability(row.HolmP),
            ];
        }
    }

    private static string Probability(double p) =>
        p < 0.001 ? "<0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Notes(StudyTable table)
    {
        string reference = table.Reference.IsEmpty ? "the only cell" : string.Join(", ", table.Reference);
        yield return $"* the highest mean of its density; reference: {reference}.";
        if (table.Rows.Any(row => row.IsLearned))
            yield return "Learned supermasks: accuracy is the mean of ten sampled masks, density what the most probable mask keeps.";
        yield return table.Replicates == 1 ? table.TestImages == 0
                ? "One replicate: no interval can be given."
                : $"One replicate: the brackets are Wilson's 95 % over {NumberFormat.Count(table.TestImages)} test images, "
                    + "not over seeds."
            : $"Brackets are 95 % intervals over up to {table.Replicates} replicates; differences are paired by seed; "
                + "p after Holm over the rows of a density.";
    }
}
