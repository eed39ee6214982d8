using System.Collections.Immutable;
using DuckDB.NET.Data;
using Lottery.Studies.Store;

namespace Lottery.Studies.Queries;

/// <summary>The relation <c>runs</c>: the columns of <see cref="RunFields"/>.</summary>
internal static class RunTable
{
    /// <summary>Creates the table and fills it.</summary>
    public static void Create(DuckDBConnection connection, IReadOnlyList<RunSummary> runs)
    {
        using (DuckDBCommand command = connection.CreateCommand())
        {
            command.CommandText =
                $"CREATE TABLE runs ({string.Join(", ", RunFields.All.Select(column => $"\"{column.Name}\" {TypeOf(column)}"))})";
            command.ExecuteNonQuery();
        }
        using DuckDBAppender appender = connection.CreateAppender("runs");
        foreach (RunSummary run in runs)
        {
            IDuckDBAppenderRow row = appender.CreateRow();
            foreach (RunField column in RunFields.All) Append(row, column.Value(run));
            row.EndRow();
        }
    }

    private static string TypeOf(RunField column) =>
        column.Type switch
        {
            var type when type == typeof(string) => "VARCHAR",
            var type when type == typeof(int) => "INTEGER",
            var type when type == typeof(long) => "BIGINT",
            var type when type == typeof(ulong) => "UBIGINT",
            var type when type == typeof(double) => "DOUBLE",
            var type when type == typeof(bool) => "BOOLEAN",
            var type when type == typeof(DateTimeOffset) => "TIMESTAMP",
            var type when type == typeof(ImmutableArray<string>) => "VARCHAR[]",
            var type => throw new NotSupportedException($"No column can hold {column.Name}, a {type.Name}."),
        };

    private static IDuckDBAppenderRow Append(IDuckDBAppenderRow row, object? value) => value switch
    {
        null => row.AppendNullValue(),
        string text => row.AppendValue(text),
        int number => row.AppendValue((int?)number),
        long number => row.AppendValue((long?)number),
        ulong number => row.AppendValue((ulong?)number),
        double number => row.AppendValue((double?)number),
        bool flag => row.AppendValue((bool?)flag),
        DateTimeOffset time => row.AppendValue((DateTime?)time.UtcDateTime),
        ImmutableArray<string> names => row.AppendValue(names),
        _ => throw new NotSupportedException($"No column can hold a {value.GetType().Name}."),
    };
}
