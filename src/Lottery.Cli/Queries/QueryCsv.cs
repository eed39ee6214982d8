using Lottery.Studies.Queries;

namespace Lottery.Cli.Queries;

/// <summary>An answer as CSV (RFC 4180): a header, no value as nothing, text quoted where it must be.</summary>
internal static class QueryCsv
{
    /// <summary>The lines, without their ends.</summary>
    public static IEnumerable<string> Lines(QueryAnswer answer)
    {
        yield return Line(answer.Columns.Select(column => column.Name));
        foreach (object?[] row in answer.Rows()) yield return Line(row.Select(QueryValue.Text));
    }

    private static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Quoted));

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny("\",\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
