namespace Lottery.Report.Tables;

/// <summary>Cells in aligned columns, two spaces apart.</summary>
internal static class TextGrid
{
    /// <summary>A line for each of <paramref name="rows"/>, all of equal length; no spaces at their ends.</summary>
    /// <param name="rows">The cells, header first.</param>
    /// <param name="right">True for each column that is flush right; columns beyond are flush left.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows, params bool[] right)
    {
        int[] widths =
            [.. Enumerable.Range(0, rows.Max(row => row.Length)).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join("  ", row.Select(Padded)).TrimEnd());

        string Padded(string cell, int column) =>
            right.ElementAtOrDefault(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]);
    }
}
