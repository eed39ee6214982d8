using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>
/// The bytes of the index: eight letters and the format, then parts in any number, which are only ever appended. A part is its length
/// (32 bits), its kind, a key (16 bytes), its content, and the SHA-256 of kind, key and content. A shared part's key is its own, a run's that
/// of the shared part that it needs.
/// </summary>
internal static class IndexFile
{
    private const int KeyLength = 16, Around = 1 + KeyLength + SHA256.HashSizeInBytes;
    private const byte Shared = 0, Run = 1;

    /// <summary>What the file begins with; its number is raised when what a part holds changes.</summary>
    public static ReadOnlySpan<byte> Head => "LOTINDEX\u0001\0\0\0"u8;

    /// <summary>The part that records have in common.</summary>
    public static byte[] Write(IndexShared shared) => Write(Shared, shared.Key, shared.Text.Span);

    /// <summary>The part of a run.</summary>
    public static byte[] Write(IndexRecord record) => Write(Run, record.Shared.Key, record.Content.Span);

    /// <summary>The records in a file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="clean">False where some of it is damaged, or more than half of it is of no use.</param>
    public static IEnumerable<IndexRecord> Read(ReadOnlyMemory<byte> file, out bool clean)
    {
        clean = file.Span.StartsWith(Head);
        if (!clean) return [];
        var shared = new Dictionary<UInt128, ReadOnlyMemory<byte>>();
        var runs = new List<(UInt128 Key, ReadOnlyMemory<byte> Part)>();
        long repeated = 0;
        for (ReadOnlyMemory<byte> rest = file[Head.Length..]; !rest.IsEmpty;)
        {
            int length = rest.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
            if (length < Around || length > rest.Length - sizeof(int))
            {
                clean = false;
                break;
            }
            ReadOnlyMemory<byte> part = rest.Slice(sizeof(int), length);
            UInt128 key = BinaryPrimitives.ReadUInt128LittleEndian(part.Span[1..]);
            if (part.Span[0] == Run) runs.Add((key, part));
            else if (!shared.TryAdd(key, part)) repeated += length;
            rest = rest[(sizeof(int) + length)..];
        }
        clean &= 2 * repeated <= file.Length;
        Dictionary<UInt128, IndexShared?> read = InParallel.Each([.. shared], pair => (pair.Key, Value: Fits(pair.Value.Span) ? IndexShared.Read(Content(pair.Value)) : null))
            .ToDictionary(pair => pair.Key, pair => pair.Value?.Key == pair.Key ? pair.Value : null);
        // The time of a listing is that of reading its records.
        IndexRecord?[] records = InParallel.Each(runs, run => Fits(run.Part.Span) && read.GetValueOrDefault(run.Key) is { } common ? IndexRecord.Read(Content(run.Part), common) : null);
        clean &= Array.TrueForAll(records, record => record is not null);
        return records.OfType<IndexRecord>();
    }

    private static byte[] Write(byte kind, UInt128 key, ReadOnlySpan<byte> content)
    {
        byte[] part = new byte[sizeof(int) + Around + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(part, part.Length - sizeof(int));
        part[sizeof(int)] = kind;
        BinaryPrimitives.WriteUInt128LittleEndian(part.AsSpan(sizeof(int) + 1), key);
        content.CopyTo(part.AsSpan(sizeof(int) + 1 + KeyLength));
        SHA256.HashData(part.AsSpan(sizeof(int)..^SHA256.HashSizeInBytes), part.AsSpan(part.Length - SHA256.HashSizeInBytes));
        return part;
    }

    private static bool Fits(ReadOnlySpan<byte> part)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(part[..^SHA256.HashSizeInBytes], hash);
        return part.EndsWith(hash);
    }

    private static ReadOnlyMemory<byte> Content(ReadOnlyMemory<byte> part) => part[(1 + KeyLength)..^SHA256.HashSizeInBytes];
}
