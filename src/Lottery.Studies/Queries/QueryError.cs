using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;

namespace Lottery.Studies.Queries;

/// <summary>What DuckDB says of a query, as one sentence that says where.</summary>
internal static class QueryError
{
    private static readonly string[] Relations = ["runs", "metrics"];

    /// <summary>Runs <paramref name="work"/>; DuckDB's refusal becomes a <see cref="UserException"/>.</summary>
    public static T Guard<T>(string sql, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DuckDBException refusal)
        {
            throw Of(sql, refusal);
        }
        catch (InvalidOperationException refusal) when (refusal.Message.Contains("parameters", StringComparison.Ordinal))
        {
            throw new UserException("The query has a parameter (? or $1), and none is given: write its value.", refusal);
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    public static void Guard(string sql, Action work) => Guard(sql, () =>
    {
        work();
        return true;
    });

    /// <summary>The sentence for an error at a byte of the query.</summary>
    public static UserException Of(string sql, string message, string? position, Exception? inner = null) =>
        new($"The query is wrong{Where(sql, position)}: {FirstLine(message)}.", inner: inner);

    /// <summary>What went wrong, without a full stop.</summary>
    public static string Describe(Exception refusal) =>
        refusal is DuckDBException && Parse(refusal.Message) is { } json ? FirstLine(Text(json, "exception_message")) : refusal.Message.TrimEnd('.');

    private static UserException Of(string sql, DuckDBException refusal)
    {
        if (Parse(refusal.Message) is not { } json) return Of(sql, refusal.Message, null, refusal);
        string message = Text(json, "exception_message"), where = Where(sql, (string?)json["position"]);
        return Text(json, "exception_type") switch
        {
            "Catalog" when Text(json, "type") == "Table" => new(
                $"The query is wrong{where}: there is no '{Text(json, "name")}'"
                + (Suggestion.Nearest(Text(json, "name"), Relations) is { } nearest
                    ? $"; did you mean '{nearest}'?" : "; a store has runs and metrics."), inner: refusal),
            "Permission" => new(
                $"The query is wrong{where}: it may read the runs and metrics of the store, and no other file.", inner: refusal),
            "Out of Memory" => new WorkFailedException($"The answer does not fit into memory: {FirstLine(message)}; ask for less.", refusal),
            "IO" or "Invalid Input" or "Serialization" when message.Contains(".parquet", StringComparison.Ordinal) => new(
                $"A file of the store could not be read: {FirstLine(message)}; `lottery runs verify` names what is damaged.", refusal),
            _ => Of(sql, message, (string?)json["position"], refusal),
        };
    }

    /// <summary>DuckDB counts in bytes of UTF-8; people in lines and letters.</summary>
    private static string Where(string sql, string? position)
    {
        if (!int.TryParse(position, out int bytes)) return "";
        byte[] text = Encoding.UTF8.GetBytes(sql);
        string before = Encoding.UTF8.GetString(text, 0, Math.Clamp(bytes, 0, text.Length));
        int line = before.Count(letter => letter == '\n') + 1;
        return $" at line {line}, column {before.Length - before.LastIndexOf('\n')}";
    }

    /// <summary>DuckDB's lines as one clause; long lists of candidates are left out.</summary>
    private static string FirstLine(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string line = lines.Length == 0 ? "it cannot be answered" : lines[0].TrimEnd('.', '!', ':');
        string hint = lines.ElementAtOrDefault(1) ?? "";
        if (hint.StartsWith("Candidate bindings: ", StringComparison.Ordinal))
            line += $"; there is {hint["Candidate bindings: ".Length..]}";
        else if (hint.StartsWith("Did you mean ", StringComparison.Ordinal))
            line += $"; did you mean {hint["Did you mean ".Length..].TrimEnd('?')}";
        return line;
    }

    private static string Text(JsonNode json, string field) => (string?)json[field] ?? "";

    private static JsonNode? Parse(string message)
    {
        int start = message.IndexOf('{', StringComparison.Ordinal);
        if (start < 0) return null;
        try
        {
            return JsonNode.Parse(message[start..]);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
