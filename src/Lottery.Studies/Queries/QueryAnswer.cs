using System.Collections.Immutable;
using System.Numerics;
using DuckDB.NET.Data;

namespace Lottery.Studies.Queries;

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its name; unlike any other in the answer.</param>
/// <param name="IsNumber">Whether its values are numbers.</param>
internal sealed record QueryColumn(string Name, bool IsNumber);

/// <summary>Rows that are read as they come, once.</summary>
internal sealed class QueryAnswer : IDisposable
{
    private static readonly Type[] Numbers =
    [
        typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(BigInteger), typeof(float), typeof(double), typeof(decimal),
    ];

    private readonly string _sql;
    private readonly DuckDBCommand _command;
    private readonly DuckDBDataReader _reader;

    internal QueryAnswer(string sql, DuckDBCommand command)
    {
        (_sql, _command) = (sql, command);
        try
        {
            _command.UseStreamingMode = true;
            _reader = command.ExecuteReader();
        }
        catch
        {
            command.Dispose();
            throw;
        }
        var names = new HashSet<string>();
        Columns = [.. Enumerable.Range(0, _reader.FieldCount)
            .Select(i => new QueryColumn(Unlike(names, _reader.GetName(i)), Numbers.Contains(_reader.GetFieldType(i))))];
    }

    /// <summary>The columns.</summary>
    public ImmutableArray<QueryColumn> Columns { get; }

    /// <summary>
    /// The rows; null where there is no value. Lists are sequences, structures and maps dictionaries, times and dates
    /// as .NET has them, bytes hexadecimal text.
    /// </summary>
    /// <exception cref="UserException">A row could not be computed, or a file of the store is damaged.</exception>
    public IEnumerable<object?[]> Rows()
    {
        while (QueryError.Guard(_sql, _reader.Read))
            yield return [.. Enumerable.Range(0, Columns.Length).Select(i => _reader.IsDBNull(i) ? null : Value(i))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _command.Dispose();
    }

    private object Value(int column)
    {
        object value = _reader.GetValue(column);
        if (value is not Stream bytes) return value;
        using var copy = new MemoryStream();
        bytes.CopyTo(copy);
        return Convert.ToHexStringLower(copy.ToArray());
    }

    private static string Unlike(HashSet<string> names, string name)
    {
        string unlike = name;
        for (int i = 1; !names.Add(unlike); i++) unlike = $"{name}_{i}";
        return unlike;
    }
}
