using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using DuckDB.NET.Data;
using Lottery.Studies.Store;

namespace Lottery.Studies.Queries;

/// <summary>The relation <c>runs</c>: the fields of <see cref="RunRecord"/>, called as in JSON.</summary>
internal static class RunTable
{
    private static readonly JsonPropertyInfo[] Fields = [.. RunRecordJson.Default.RunRecord.Properties];

    /// <summary>Makes and fills it.</summary>
    public static void Create(DuckDBConnection connection, IReadOnlyList<RunRecord> runs)
    {
        using (DuckDBCommand command = connection.CreateCommand())
        {
            command.CommandText =
                $"CREATE TABLE runs ({string.Join(", ", Fields.Select(field => $"\"{field.Name}\" {TypeOf(field)}"))})";
            command.ExecuteNonQuery();
        }
        using DuckDBAppender appender = connection.CreateAppender("runs");
        foreach (RunRecord run in runs)
        {
            IDuckDBAppenderRow row = appender.CreateRow();
            foreach (JsonPropertyInfo field in Fields) Append(row, field.Get!(run));
            row.EndRow();
        }
    }

    private static string TypeOf(JsonPropertyInfo field) =>
        (Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType) switch
        {
            var type when type == typeof(string) => "VARCHAR",
            var type when type == typeof(int) => "INTEGER",
            var type when type == typeof(long) => "BIGINT",
            var type when type == typeof(ulong) => "UBIGINT",
            var type when type == typeof(double) => "DOUBLE",
            var type when type == typeof(bool) => "BOOLEAN",
            var type when type == typeof(DateTimeOffset) => "TIMESTAMP",
            var type when type == typeof(ImmutableArray<string>) => "VARCHAR[]",
            var type => throw new NotSupportedException($"No column can hold {field.Name}, a {type.Name}."),
        };

    private static IDuckDBAppenderRow Append(IDuckDBAppenderRow row, object? value) => value switch
    {
        null => row.AppendNullValue(),
        string text => row.AppendValue(text),
        int number => row.AppendValue((int?)number),
        long number => row.AppendValue((long?)number),
        ulong number => row.AppendValue((ulong?)number),
        double number => row.AppendValue((double?)number),
        bool truth => row.AppendValue((bool?)truth),
        DateTimeOffset time => row.AppendValue((DateTime?)time.UtcDateTime),
        ImmutableArray<string> words => row.AppendValue(words),
        _ => throw new NotSupportedException($"No column can hold a {value.GetType().Name}."),
    };
}
