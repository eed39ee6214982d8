using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lottery.Studies.Queries;

namespace Lottery.Cli.Queries;

/// <summary>An answer as an array of objects, a row a line. What JSON has no number for is null.</summary>
internal static class QueryJson
{
    private static readonly JsonSerializerOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The lines of the document, each as soon as its row is there.</summary>
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
