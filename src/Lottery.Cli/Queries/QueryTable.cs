using Lottery.Report.Tables;
using Lottery.Studies.Queries;

namespace Lottery.Cli.Queries;

/// <summary>An answer as a table for people: as many rows as one looks through, as wide as the screen.</summary>
internal static class QueryTable
{
    /// <summary>Rows that are shown; more are counted, and to be had with the other forms.</summary>
    private const int MostRows = 200;

    /// <summary>The table, and what it leaves out in a sentence (null where nothing).</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="width">Letters in a line; null where there is no screen.</param>
    public static (IEnumerable<string> Lines, string? LeftOut) Of(QueryAnswer answer, int? width)
    {
        var rows = new List<string[]> { answer.Columns.Select(column => column.Name).ToArray() };
        long count = 0;
        foreach (object?[] row in answer.Rows())
            if (++count <= MostRows) rows.Add([.. row.Select(QueryValue.Short)]);
        bool[] numbers = [.. answer.Columns.Select(column => column.IsNumber)];
        string[][] fitted = [.. TextFit.Columns(rows, numbers, width)];
        string?[] rest =
        [
            count > MostRows ? $"{MostRows} of {NumberFormat.Count(count)} rows" : null,
            fitted[0].Length < numbers.Length ? $"{fitted[0].Length} of {numbers.Length} columns" : null,
        ];
        string shown = string.Join(" and ", rest.OfType<string>());
        return (TextGrid.Lines(fitted, numbers), shown.Length == 0 ? null : $"{shown} are shown; --csv or --json has all.");
    }
}
