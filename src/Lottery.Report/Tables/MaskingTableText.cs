namespace Lottery.Report.Tables;

/// <summary>A table of masking as training as lines of plain text.</summary>
internal static class MaskingTableText
{
    /// <summary>The header, a line for each cell and level, and what the columns mean.</summary>
    public static IEnumerable<string> Lines(MaskingTable table)
    {
        string[][] lines = [["density", .. table.Axes, "at the first step", "nearer to 0", "random mask", "difference"], .. table.Rows.Select(Cells)];
        foreach (string line in TextGrid.Lines(lines, [true, .. table.Axes.Select(_ => false)])) yield return $" {line}";
        yield return "";
        yield return " At the first step: validation accuracy before any training. Nearer to 0: of the pruned weights, those for";
        yield return " which 0 is nearer to where training took them than where they started; beside it what a random mask of the";
        yield return " same counts is expected to have. All in per cent, all layers together; --json has each layer.";
        yield return table.Replicates == 1
            ? " One replicate: no interval can be given."
            : $" Brackets are 95 % intervals over up to {table.Replicates} replicates; differences are paired by seed.";
    }

    private static string[] Cells(MaskingRow row) =>
    [
        NumberFormat.Density(row.Density), .. row.Values, NumberFormat.Accuracy(row.InitialAccuracy),
        NumberFormat.Accuracy(row.All.Pruned), NumberFormat.Accuracy(row.All.Random), NumberFormat.Difference(row.All.Difference.Estimate),
    ];
}
