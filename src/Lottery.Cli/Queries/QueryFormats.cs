using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Cli.Tables;
using Lottery.Report.Tables;
using Lottery.Studies.Queries;

namespace Lottery.Cli.Queries;

/// <summary>A result as a table for people: the first rows, as wide as the screen.</summary>
internal static class QueryTable
{
    /// <summary>Rows that are shown; <c>--csv</c> and <c>--json</c> have all.</summary>
    private const int MostRows = 200;

    /// <summary>The table, and a sentence on the rows and columns that it leaves out (null if none).</summary>
    /// <param name="answer">The result.</param>
    /// <param name="width">Columns of the screen; null where there is none.</param>
    public static (TextTable Table, string? LeftOut) Of(QueryAnswer answer, int? width)
    {
        var rows = new List<string[]>();
        long count = 0;
        foreach (object?[] row in answer.Rows())
            if (++count <= MostRows) rows.Add([.. row.Select(QueryValue.Short)]);
        TextTable table = new TextTable(
            [.. answer.Columns.Select(column => new Column(column.Name, column.IsNumber ? ColumnKind.Number : ColumnKind.Text))]).Add(rows);
        int shownColumns = table.ColumnsIn(width).Length, columns = answer.Columns.Length;
        string?[] rest =
        [
            count > MostRows ? $"{MostRows} of {NumberFormat.Count(count)} rows" : null,
            shownColumns < columns ? $"{shownColumns} of {columns} columns" : null,
        ];
        string shown = string.Join(" and ", rest.OfType<string>());
        return (table, shown.Length == 0 ? null : $"{shown} are shown; --csv or --json has all.");
    }
}

/// <summary>A result as CSV (RFC 4180): a header, NULL as an empty field, text quoted where necessary.</summary>
internal static class QueryCsv
{
    /// <summary>The records, without line ends.</summary>
    public static IEnumerable<string> Lines(QueryAnswer answer)
    {
        yield return Line(answer.Columns.Select(column => column.Name));
        foreach (object?[] row in answer.Rows()) yield return Line(row.Select(QueryValue.Text));
    }

    private static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Quoted));

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny("\",\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>A result as an array of objects, one row a line; NaN and infinities are null.</summary>
internal static class QueryJson
{
    private static readonly JsonSerializerOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The lines of the document, each as soon as its row is read.</summary>
    public static IEnumerable<string> Lines(QueryAnswer answer)
    {
        string? last = null;
        foreach (object?[] row in answer.Rows())
        {
            yield return last is null ? "[" : $"{last},";
            last = $"  {Of(answer, row).ToJsonString(s_compact)}";
        }
        if (last is not null) yield return last;
        yield return last is null ? "[]" : "]";
    }

    private static JsonObject Of(QueryAnswer answer, object?[] row) =>
        new(answer.Columns.Select((column, i) => KeyValuePair.Create(column.Name, QueryValue.Json(row[i]))));
}
