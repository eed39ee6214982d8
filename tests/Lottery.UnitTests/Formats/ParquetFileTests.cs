using DuckDB.NET.Data;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Formats.Tables.Parquet;

namespace Lottery.UnitTests.Formats;

/// <summary>Parquet files as DuckDB writes them, in each form; and damaged ones, which end in bounded time and memory.</summary>
public sealed class ParquetFileTests : IDisposable
{
    private const int Rows = 2500;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("uncompressed", "v1")]
    [InlineData("snappy", "v1")]
    [InlineData("gzip", "v1")]
    [InlineData("zstd", "v1")]
    [InlineData("brotli", "v1")]
    [InlineData("lz4_raw", "v1")]
    [InlineData("snappy", "v2")]
    [InlineData("zstd", "v2")]
    public void Every_value_of_every_type_is_read(string codec, string version)
    {
        Write($"SELECT {Columns} FROM range({Rows}) t(i)", $"CODEC '{codec}', PARQUET_VERSION {version}, ROW_GROUP_SIZE 2048");
        Dataset data = Load();
        Assert.Equal((11, 3, Rows), (data.Train.Features, data.Classes, data.Train.Count + data.Test.Count));
        Assert.Equal(["kind 0", "kind 1", "kind 2"], data.ClassNames);
        var rows = data.Train.Values.ToArray().Chunk(11).Zip(data.Train.Labels.ToArray()).Concat(data.Test.Values.ToArray().Chunk(11).Zip(data.Test.Labels.ToArray())).ToDictionary(row => (int)row.First[0]);
        for (int i = 0; i < Rows; i++)
        {
            float[] expected = [i, i / 8f, (float)(i / 3.0), i % 2, i % 200 - 100, (uint)(i % 7) * 600_000_000u, i * 1_000_000_007L, (float)(i % 5 * 3e18), (float)(i / 100.0), (float)(i / 100.0), i % 4];
            Assert.Equal(expected, rows[i].First);
            Assert.Equal(i % 3, rows[i].Second);
        }
    }

    [Fact]
    public void Rows_without_a_value_are_named_and_labels_may_be_numbers()
    {
        Write("SELECT CASE WHEN i = 2500 THEN NULL ELSE i END AS x, (i % 2)::TINYINT AS label FROM range(5000) t(i)", "ROW_GROUP_SIZE 2048");
        AssertWrong("row 2501: column 'x' has no value; fill it in, or remove the row (df.dropna())");
        Write("SELECT i AS x, CASE WHEN i < 4999 THEN i % 2 END AS label FROM range(5000) t(i)");
        AssertWrong("row 5000: the label in column 'label' is missing");
        Write("SELECT i::DOUBLE AS x, (i % 2) + 1 AS label FROM range(40) t(i)");
        Assert.Equal(2, Load().Classes);
        Write("SELECT CASE WHEN i = 3 THEN 'inf'::DOUBLE ELSE i END AS x, i % 2 AS label FROM range(40) t(i)");
        AssertWrong("row 4: column 'x' is Infinity, which is no finite number");
    }

    [Fact]
    public void Columns_that_are_no_numbers_are_named()
    {
        Write("SELECT i AS x, [i] AS l, i % 2 AS label FROM range(9) t(i)");
        AssertWrong("column 'l' holds lists; give one column for each number");
        Write("SELECT i AS x, {'a': i, 'b': i} AS s, i % 2 AS label FROM range(9) t(i)");
        AssertWrong("column 's' holds lists");
        Write("SELECT i AS x, DATE '2020-01-01' AS d, i % 2 AS label FROM range(9) t(i)");
        AssertWrong("column 'd' is a date, a time or the like, not numbers");
        Write("SELECT i AS x, 'a' AS w, i % 2 AS label FROM range(9) t(i)");
        AssertWrong("column 'w' is text, not numbers");
        Write("SELECT i AS x, i AS __index_level_0__, i % 2 AS label FROM range(9) t(i)");
        AssertWrong("column '__index_level_0__' is the index of the data frame, not a feature; leave it out (df.to_parquet(path, index=False))");
        Write("SELECT i AS x, i % 2 AS kind FROM range(9) t(i)");
        AssertWrong("expected a column label or labels or class or target or y, its columns are x, kind");
        Write("SELECT i AS x, i % 2 AS label FROM range(0) t(i)");
        AssertWrong("has no rows; give it examples");
    }

    /// <summary>Cut off at each byte, and with each byte changed: none is read for ever, and none asks for more than its length allows.</summary>
    [Theory]
    [InlineData("snappy", "v1")]
    [InlineData("zstd", "v2")]
    public void Damage_ends_in_a_sentence(string codec, string version)
    {
        Write("SELECT i AS x, i / 4 AS y, i % 2 = 0 AS b, 'kind ' || i % 3 AS label FROM range(40) t(i)", $"CODEC '{codec}', PARQUET_VERSION {version}");
        byte[] whole = File.ReadAllBytes(_folder["a.parquet"]);
        (int refused, long most) = (0, 0);
        for (int at = 0; at < whole.Length; at += 2)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(at % 4 == 0 ? 0x81 : 0x0E);
            long before = GC.GetAllocatedBytesForCurrentThread();
            refused += IsRefused(damaged) ? 1 : 0;
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        for (int length = 0; length < whole.Length; length += 17) Assert.True(IsRefused(whole[..length]), $"{length} bytes");
        Assert.InRange(refused, whole.Length / 6, whole.Length / 2);
        Assert.InRange(most, 0, 1L << 25);
    }

    /// <summary>Found: a page that was longer than its file kept the reader busy for ever.</summary>
    [Fact]
    public void A_table_that_states_a_billion_rows_is_refused_before_memory_is_taken()
    {
        Write("SELECT 1 AS x, i % 2 AS label FROM range(40) t(i)", "CODEC 'uncompressed'");
        byte[] file = File.ReadAllBytes(_folder["a.parquet"]);
        // 40 as a signed integer of Thrift is 80; four more bytes would not fit, so the largest that one byte can say.
        for (int i = 0; i < file.Length; i++)
            if (file[i] == 80) file[i] = 126;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(IsRefused(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    /// <summary>Found: a dictionary of Booleans may state any number of values.</summary>
    [Fact]
    public void A_dictionary_of_a_billion_Booleans_is_refused_before_memory_is_taken()
    {
        // The header of a dictionary of one byte, of 2^30 values, plain.
        byte[] page = [0x15, 4, 0x15, 2, 0x15, 2, 0x4C, 0x15, 0x80, 0x80, 0x80, 0x80, 0x08, 0x15, 0, 0, 0, 1];
        var values = new ParquetValues(new() { Type = ParquetType.Boolean }, page, new(Codec: 0, Values: 1, Start: 4, page.Length), allowance: 1 << 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("a page ends too early", Assert.Throws<InvalidDataException>(values.Numbers).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    /// <summary>Found: what Snappy's data state of their length is believed by the library that expands them.</summary>
    [Fact]
    public void Compressed_data_that_state_another_length_are_refused_before_memory_is_taken()
    {
        // The header of a page of one plain value and eight bytes, and Snappy's own length, 2^28.
        byte[] page = [0x15, 0, 0x15, 8, 0x15, 16, 0x2C, 0x15, 2, 0x15, 0, 0, 0, 0x80, 0x80, 0x80, 0x80, 1, 0, 1, 2];
        var values = new ParquetValues(new() { Type = ParquetType.Single }, page, new(Codec: 1, Values: 1, Start: 4, page.Length), allowance: 1 << 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("a page is shorter than it says", Assert.Throws<InvalidDataException>(values.Numbers).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    private static string Columns =>
        "i::INTEGER AS a, (i / 8)::FLOAT AS b, i::DOUBLE / 3 AS c, i % 2 = 1 AS d, (i % 200 - 100)::TINYINT AS e, ((i % 7) * 600000000)::UINTEGER AS f, i * 1000000007 AS g, "
        + "((i % 5)::UBIGINT * 3000000000000000000)::UBIGINT AS h, (i / 100)::DECIMAL(9, 2) AS k, (i / 100)::DECIMAL(30, 2) AS m, CASE WHEN i >= 0 THEN i % 4 END AS n, 'kind ' || i % 3 AS label";

    private void Write(string query, string options = "CODEC 'snappy'")
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using System.Data.Common.DbCommand command = connection.CreateCommand();
        command.CommandText = $"COPY ({query}) TO '{_folder["a.parquet"]}' (FORMAT parquet, {options})";
        command.ExecuteNonQuery();
    }

    private Dataset Load() => DataSource.Load(_folder["a.parquet"]);

    private bool IsRefused(byte[] file)
    {
        File.WriteAllBytes(_folder["b.parquet"], file);
        try
        {
            DataSource.Load(_folder["b.parquet"]);
            return false;
        }
        catch (UserException)
        {
            return true;
        }
    }

    private void AssertWrong(string sentence) => Assert.Contains(sentence, Assert.Throws<UserException>(Load).Message, StringComparison.Ordinal);
}
