using DuckDB.NET.Data;
using Lottery.Fuzz.Mutations;
using Parquet;
using Parquet.Schema;

namespace Lottery.Fuzz.Targets;

/// <summary>Tables of numeric features as Parquet, written by two programs, in several codecs and encodings.</summary>
internal sealed class ParquetTarget : OwnDataTarget
{
    private byte[][]? _whole;

    public override string Name => "parquet";

    public override Case Draw(Dice dice)
    {
        _whole ??=
        [
            Table(30, 30).GetAwaiter().GetResult(), Table(40, 16).GetAwaiter().GetResult(), .. new[] { "'uncompressed', PARQUET_VERSION v1", "'snappy', PARQUET_VERSION v1", "'uncompressed', PARQUET_VERSION v2", "'zstd', PARQUET_VERSION v2" }.Select(Table),
        ];
        return new("set.parquet", Bytes.Mutate(dice.Of(_whole), dice.Of(_whole), dice));
    }

    public override void Read(Case file, string folder) => Read(Path.Combine(folder, file.File));

    // A constant column takes almost nothing: a million values are believed, and of the rest some for each byte.
    public override long MostAllocated(Case file) => (1L << 26) + 32_768L * file.Content.Length;

    private static byte[] Table(string options)
    {
        string path = Path.GetTempFileName();
        using (var connection = new DuckDBConnection("Data Source=:memory:"))
        {
            connection.Open();
            using System.Data.Common.DbCommand command = connection.CreateCommand();
            command.CommandText = "COPY (SELECT i::INTEGER AS a, i / 4 AS f, CASE WHEN i >= 0 THEN i % 2 = 0 END AS b, (i / 10)::DECIMAL(9, 2) AS d, 'kind ' || i % 3 AS label FROM range(30) t(i)) "
                + $"TO '{path}' (FORMAT parquet, CODEC {options})";
            command.ExecuteNonQuery();
        }
        byte[] file = File.ReadAllBytes(path);
        File.Delete(path);
        return file;
    }

    private static async Task<byte[]> Table(int count, int group)
    {
        var (whole, real, flag, label) = (new DataField<int>("i"), new DataField<double?>("f"), new DataField<bool>("b"), new DataField<string>("label"));
        using var file = new MemoryStream();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(whole, real, flag, label), file))
            foreach (int[] part in Enumerable.Range(0, count).Chunk(group))
            {
                using ParquetRowGroupWriter rows = writer.CreateRowGroup();
                await rows.WriteAsync<int>(whole, part);
                await rows.WriteAsync<double>(real, part.Select(row => (double?)row / 4).ToArray());
                await rows.WriteAsync<bool>(flag, part.Select(row => row % 2 == 0).ToArray());
                await rows.WriteAsync(label, part.Select(row => $"kind {row % 3}").ToArray());
            }
        return file.ToArray();
    }
}
