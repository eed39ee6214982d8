using System.Text;

namespace Lottery.Plans;

/// <summary>Aligned columns of text.</summary>
internal static class PlanText
{
    /// <summary>The lines: the header, then the rows; columns are two spaces apart.</summary>
    public static string Format(string[] header, IEnumerable<string[]> rows)
    {
        string[][] lines = [header, .. rows];
        int[] widths = [.. header.Select((_, column) => lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        foreach (string[] line in lines)
            text.AppendLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return text.ToString();
    }
}
