using Lottery.Fuzz.Mutations;
using Parquet;
using Parquet.Schema;

namespace Lottery.Fuzz.Targets;

/// <summary>Tables of numeric features as Parquet.</summary>
internal sealed class ParquetTarget : OwnDataTarget
{
    private byte[][]? _whole;

    public override string Name => "parquet";

    public override Case Draw(Dice dice)
    {
        _whole ??= [Table(30, 30).GetAwaiter().GetResult(), Table(40, 16).GetAwaiter().GetResult()];
        return new("set.parquet", Bytes.Mutate(dice.Of(_whole), dice.Of(_whole), dice));
    }

    public override void Read(Case file, string folder) => Read(Path.Combine(folder, file.File));

    // Pages say how long they are, and the library believes them.
    public override long MostAllocated(Case file) => 1L << 28;

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
