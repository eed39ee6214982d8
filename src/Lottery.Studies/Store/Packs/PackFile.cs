using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lottery.Studies.Identity;
using Lottery.Studies.Store.Files;
using Parquet;
using Parquet.Schema;

namespace Lottery.Studies.Store.Packs;

/// <summary>A run in a pack.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Evaluations">SHA-256 of the file of evaluations that its rows were read from.</param>
/// <param name="Rows">The number of its rows, which follow those of the runs before it.</param>
internal readonly record struct PackedRun(string Id, string Evaluations, int Rows);

/// <summary>
/// A pack: the evaluations of many runs in one Parquet file, whose name is its SHA-256, and beside it the list of these runs. It is a
/// copy: what counts are the runs' own files.
/// </summary>
/// <param name="Path">The Parquet file.</param>
/// <param name="Runs">The runs in it.</param>
internal sealed record PackFile(string Path, ImmutableArray<PackedRun> Runs)
{
    private const string TableEnding = ".parquet", ListEnding = ".runs";

    private const int HashLength = 2 * SHA256.HashSizeInBytes, CountLength = 10, LineLength = 2 * HashLength + CountLength + 3;

    private static readonly DataField s_id = new("id", typeof(string), isNullable: false);

    /// <summary>The bytes of a table of the evaluations of runs: those of <c>metrics.parquet</c>, and the id of their run in each row.</summary>
    public static byte[] WriteTable(IReadOnlyList<(string Id, MetricsTable Rows)> runs) => WriteTableAsync(runs).GetAwaiter().GetResult();

    /// <summary>Writes a pack into a folder.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static PackFile Keep(string folder, byte[] table, ImmutableArray<PackedRun> runs)
    {
        string name = System.IO.Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(table)));
        StoreDisk.CreateFolder(folder);
        DurableFile.Replace(name + TableEnding, table);
        // A table without a list is none, so that a crash between the two leaves nothing wrong.
        byte[] list = Encoding.ASCII.GetBytes(string.Concat(runs.Select(run => string.Create(CultureInfo.InvariantCulture, $"{run.Id} {run.Evaluations} {run.Rows:D10}\n"))));
        DurableFile.Replace(name + ListEnding, [.. list, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(list)) + "\n")]);
        return new(name + TableEnding, runs);
    }

    /// <summary>The packs in a folder, in the order of their names; one that is damaged has no runs.</summary>
    public static ImmutableArray<PackFile> ReadAll(string folder)
    {
        string[] names = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*" + ListEnding).Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Where(RunIdentity.IsId).Order(StringComparer.Ordinal)] : [];
        return [.. Maintenance.InParallel.Each(names, name => Read(folder, name))];
    }

    /// <summary>The evaluations of its runs.</summary>
    /// <exception cref="IOException">It was removed meanwhile, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It was damaged meanwhile.</exception>
    public IReadOnlyList<(string Id, MetricsTable Rows)> ReadTable()
    {
        byte[] table = RegularFile.Read(Path, int.MaxValue);
        if (!IsHash(table, System.IO.Path.GetFileNameWithoutExtension(Path))) throw new InvalidDataException("its SHA-256 is not its name");
        MetricsTable all = ReadTableAsync(table).GetAwaiter().GetResult();
        if (Runs.Sum(run => (long)run.Rows) != all.Steps.Length) throw new InvalidDataException("its list has another number of rows");
        var runs = new (string, MetricsTable)[Runs.Length];
        for (int i = 0, first = 0; i < runs.Length; first += Runs[i++].Rows) runs[i] = (Runs[i].Id, all.Rows(first..(first + Runs[i].Rows)));
        return runs;
    }

    /// <summary>Removes a pack: first its list, so that it is none from then on.</summary>
    public void Remove()
    {
        StoreFolder.RemoveFile(System.IO.Path.ChangeExtension(Path, ListEnding));
        StoreFolder.RemoveFile(Path);
    }

    /// <summary>Files of packs without the other one, and temporary ones.</summary>
    public static IEnumerable<string> Halves(string folder) => Directory.EnumerateFiles(folder).Where(file =>
    {
        string name = System.IO.Path.GetFileName(file), pack = System.IO.Path.Combine(folder, name[..Math.Min(name.Length, HashLength)]);
        if (!RunIdentity.IsId(System.IO.Path.GetFileName(pack))) return false;
        return name[HashLength..] switch
        {
            TableEnding => !RegularFile.IsThere(pack + ListEnding),
            ListEnding => !RegularFile.IsThere(pack + TableEnding),
            _ => new[] { TableEnding, ListEnding }.Any(ending => DurableFile.IsNameOf(name[HashLength..], ending)),
        };
    });

    private static PackFile Read(string folder, string name)
    {
        string table = System.IO.Path.Combine(folder, name + TableEnding);
        var damaged = new PackFile(table, []);
        try
        {
            byte[] list = RegularFile.Read(System.IO.Path.Combine(folder, name + ListEnding), int.MaxValue);
            int end = list.Length - HashLength - 1;
            if (end < 0 || end % LineLength != 0 || list[^1] != '\n' || !IsHash(list.AsSpan(0, end), Encoding.ASCII.GetString(list, end, HashLength))) return damaged;
            // A number that was changed in it would be believed by every query.
            if (!RegularFile.HasContent(table) || !IsHash(RegularFile.Read(table, int.MaxValue), name)) return damaged;
            var runs = ImmutableArray.CreateBuilder<PackedRun>(end / LineLength);
            for (int at = 0; at < end; at += LineLength)
                runs.Add(new(Text(list, at, HashLength), Text(list, at + HashLength + 1, HashLength), int.Parse(Text(list, at + LineLength - 1 - CountLength, CountLength), NumberStyles.None, CultureInfo.InvariantCulture)));
            return new(table, runs.MoveToImmutable());
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or OverflowException)
        {
            return damaged;
        }

        static string Text(byte[] list, int at, int length) => Encoding.ASCII.GetString(list, at, length);
    }

    private static bool IsHash(ReadOnlySpan<byte> content, string hash) => Convert.ToHexStringLower(SHA256.HashData(content)) == hash;

    private static async Task<MetricsTable> ReadTableAsync(byte[] table)
    {
        using var stream = new MemoryStream(table);
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream);
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(0);
        return await MetricsFile.ReadAsync(reader, rows);
    }

    private static async Task<byte[]> WriteTableAsync(IReadOnlyList<(string Id, MetricsTable Rows)> runs)
    {
        using var stream = new MemoryStream();
        bool learned = runs.Any(run => run.Rows.IsLearned);
        DataField<double>[] columns = MetricsFile.Columns(learned);
        var options = new ParquetOptions { CompressionLevel = System.IO.Compression.CompressionLevel.Fastest };
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema([s_id, MetricsFile.Step, .. columns]), stream, options))
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            await rows.WriteAsync<ReadOnlyMemory<char>>(s_id, runs.SelectMany(run => Enumerable.Repeat(run.Id.AsMemory(), run.Rows.Steps.Length)).ToArray());
            await rows.WriteAsync<int>(MetricsFile.Step, runs.SelectMany(run => run.Rows.Steps).ToArray());
            for (int column = 0; column < columns.Length; column++)
                await rows.WriteAsync<double>(columns[column], runs.SelectMany(run => run.Rows.Column(column)).ToArray());
        }
        return stream.ToArray();
    }
}
