namespace Lottery.Report.Tables;

/// <summary>Makes cells fit a screen: text is cut, numbers are not, and columns that still have no room are left out.</summary>
internal static class TextFit
{
    private const int Gap = 2, Readable = 10;

    /// <summary>The cells of as many columns, from the left, as have room.</summary>
    /// <param name="rows">The cells, header first, all rows of one length.</param>
    /// <param name="whole">True for each column whose cells are not to be cut; columns beyond may be.</param>
    /// <param name="width">Letters in a line; null where there is no limit.</param>
    public static IEnumerable<string[]> Columns(IReadOnlyList<string[]> rows, bool[] whole, int? width)
    {
        string[][] clean = [.. rows.Select(row => row.Select(Clean).ToArray())];
        int[] widths = [.. Enumerable.Range(0, clean[0].Length).Select(column => clean.Max(row => row[column].Length))];
        if (width is not { } room) return clean;
        int[] least = [.. widths.Select((natural, column) => whole.ElementAtOrDefault(column) ? natural : Math.Min(natural, Readable))];
        int kept = 1;
        while (kept < least.Length && Total(least[..(kept + 1)]) <= room) kept++;
        widths = widths[..kept];
        while (Total(widths) > room)
        {
            int widest = Enumerable.Range(0, kept).MaxBy(column => widths[column] - least[column]);
            if (widths[widest] == least[widest]) break;
            widths[widest]--;
        }
        return clean.Select(row => widths.Select((most, column) => Cut(row[column], most)).ToArray());
    }

    /// <summary>The text in at most so many letters, the last being … where some are missing.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : $"{text[..Math.Max(0, most - 1)]}…";

    private static int Total(int[] widths) => widths.Sum() + Gap * (widths.Length - 1);

    /// <summary>Without line ends and what would steer a terminal.</summary>
    private static string Clean(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;
}
